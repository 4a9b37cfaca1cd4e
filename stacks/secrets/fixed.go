package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Fixed gives every secret a value that is known to everybody. It is for
// rendering manifests and for tests, and config accepts it for nothing else.
type Fixed struct{}

// Value is fixed-SECRET-KEY in the form that is asked for.
func (Fixed) Value(_ *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error) {
	return asSecret(value.Format.Formed("fixed-" + value.Secret + "-" + value.Key)), nil
}
