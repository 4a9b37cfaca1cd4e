package components

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeCredentials = "platform:components:Credentials" // the state remembers it: change it only with an alias

// Credentials are the Secrets that the services of a namespace read, each
// under the name that they know.
type Credentials struct {
	pulumi.ResourceState
	Secrets map[string]pulumi.Resource // by name: each Secret, or what has the operator write it
}

// Credential is one Secret.
type Credential struct {
	Type    string           // Opaque, or one that Kubernetes checks the keys of
	Values  pulumi.StringMap // secret, whatever they were before
	Protect bool             // refuse to delete it
}

// CredentialsArgs names the Secrets.
type CredentialsArgs struct {
	App     App
	Secrets map[string]Credential
}

// Validate returns every fault at once.
func (a CredentialsArgs) Validate() error {
	var faults []error
	for name, secret := range a.Secrets {
		if len(secret.Values) == 0 {
			faults = append(faults, fmt.Errorf("secret %q: has no keys; give it some or remove it", name))
		}
		for key, value := range secret.Values {
			if value == nil {
				faults = append(faults, fmt.Errorf("secret %q: key %s has no value; take it from the secret source", name, key))
			}
		}
		faults = append(faults, required("secret "+name+": type", secret.Type))
	}
	return errors.Join(faults...)
}

// NewCredentials registers the Secrets.
func NewCredentials(ctx *pulumi.Context, name string, args CredentialsArgs, opts ...pulumi.ResourceOption) (*Credentials, error) {
	if err := join("credentials", name, args.Validate()); err != nil {
		return nil, err
	}
	c := &Credentials{Secrets: map[string]pulumi.Resource{}}
	if err := ctx.RegisterComponentResource(typeCredentials, name, c, opts...); err != nil {
		return nil, fmt.Errorf("register credentials %q: %w", name, err)
	}
	for _, secret := range slices.Sorted(maps.Keys(args.Secrets)) {
		one := args.Secrets[secret]
		made, err := newSecretOf(ctx, secret, args.App, one.Type, args.App.named(secret, secret), one.Values, pulumi.Parent(c), pulumi.Protect(one.Protect))
		if err != nil {
			return nil, fmt.Errorf("credentials %q: %w", name, err)
		}
		c.Secrets[secret] = made
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("credentials %q outputs: %w", name, err)
	}
	return c, nil
}
