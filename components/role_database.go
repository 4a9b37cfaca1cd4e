package components

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// reservedRoles are those that no service may have.
var reservedRoles = []string{postgresAdmin, PostgresSuperuser, PostgresReplicator, PostgresCheckRole}

// RoleDatabase is a database and the one role that reaches it.
type RoleDatabase struct {
	Name     string
	Role     string
	Secret   string             // that keeps the role's password under the key PASSWORD
	Password pulumi.StringInput // the same; secret
}

func (d RoleDatabase) validate() error {
	faults := []error{required("name", d.Name), required("role", d.Role), required("secret", d.Secret)}
	if slices.Contains(reservedRoles, d.Role) {
		faults = append(faults, fmt.Errorf("role: %q is the servers' own; choose another", d.Role))
	}
	if d.Password == nil {
		faults = append(faults, errors.New("password: is missing; take it from the secret source"))
	}
	return errors.Join(faults...)
}
