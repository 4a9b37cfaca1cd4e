// Package secrets reads secret values. Every value comes through one
// interface, [Source], so that a stack does not know which source it uses.
package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Ref names one secret value by what uses it.
type Ref struct {
	Secret string                  // the Kubernetes Secret that will hold it, such as backend-secrets
	Key    string                  // its key there, such as SECRET_KEY
	Length int                     // characters, where the source makes the value; default 32
	Format config.CredentialFormat // default text
}

// String is NAME/KEY, as messages name a secret. It never holds the value.
func (r Ref) String() string { return r.Secret + "/" + r.Key }

// Source hands out secret values. Each is marked secret before it is returned.
type Source interface {
	Value(ctx *pulumi.Context, ref Ref) (pulumi.StringOutput, error)
}

// New returns the source that a stack names. It registers nothing yet.
func New(stack string, cfg config.Secrets) (Source, error) {
	if err := cfg.Readable(stack); err != nil {
		return nil, err
	}
	switch cfg.Source {
	case config.SourceGenerated:
		return &generated{}, nil
	case config.SourceFixed:
		return Fixed{}, nil
	default:
		return nil, fmt.Errorf("secret source %q: config has let through what is none", cfg.Source)
	}
}

// Fixed gives every secret a value that is known to everybody. It is for
// rendering manifests and for tests, and config accepts it for nothing else.
type Fixed struct{}

// Value is fixed-SECRET-KEY in the form that is asked for.
func (Fixed) Value(_ *pulumi.Context, ref Ref) (pulumi.StringOutput, error) {
	value := pulumi.String(formed(ref.Format, "fixed-"+ref.Secret+"-"+ref.Key)).ToStringOutput()
	return pulumi.ToSecret(value).(pulumi.StringOutput), nil
}
