package secret

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

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
	App     object.App
	Secrets map[string]Credential
}

// NewCredentials registers the Secrets.
func NewCredentials(ctx *pulumi.Context, name string, args CredentialsArgs, opts ...pulumi.ResourceOption) (*Credentials, error) {
	c := &Credentials{Secrets: map[string]pulumi.Resource{}}
	return object.Register(ctx, "Credentials", name, c, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		for _, secret := range slices.Sorted(maps.Keys(args.Secrets)) {
			one := args.Secrets[secret]
			made, err := NewOf(ctx, secret, args.App, one.Type, args.App.Named(secret, secret), one.Values, child, pulumi.Protect(one.Protect))
			if err != nil {
				return nil, err
			}
			c.Secrets[secret] = made
		}
		return nil, nil
	})
}
