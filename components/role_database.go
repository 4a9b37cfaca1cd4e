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

// DatabaseReader is a role that reads what the role of a database makes, and
// may do no more than that, but for a schema of its own.
type DatabaseReader struct {
	Database string // of the databases
	Role     string
	Secret   string             // that keeps the role's password
	Key      string             // that it is under
	Password pulumi.StringInput // the same; secret
}

// validate also finds the owner of the tables.
func (r DatabaseReader) validate(databases []RoleDatabase) error {
	faults := []error{required("role", r.Role), required("secret", r.Secret), required("key", r.Key)}
	if slices.Contains(reservedRoles, r.Role) {
		faults = append(faults, fmt.Errorf("role: %q is the servers' own; choose another", r.Role))
	}
	if r.Password == nil {
		faults = append(faults, errors.New("password: is missing; take it from the secret source"))
	}
	known := false
	for _, database := range databases {
		known = known || database.Name == r.Database
		if database.Role == r.Role {
			faults = append(faults, fmt.Errorf("role: %q owns the database %q; choose another", r.Role, database.Name))
		}
	}
	if !known {
		faults = append(faults, fmt.Errorf("database: %q is none of the databases; name one of them", r.Database))
	}
	return errors.Join(faults...)
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
