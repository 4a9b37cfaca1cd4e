package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// masked has no value at all: for whoever may see what would change and not
// what is secret, such as a pull request from a fork.
type masked struct {
	rendering bool
}

// newMasked refuses a deployment: it would replace every secret.
func newMasked(ctx *pulumi.Context, rendering bool) (Source, error) {
	if !ctx.DryRun() && !rendering {
		return nil, config.Error{
			Key: "secrets.source", Stack: ctx.Stack(),
			Why:    fmt.Sprintf("%q knows no values, for previews and renderings only, so nothing was deployed", config.SourceMasked),
			Remedy: fmt.Sprintf("deploy with the source that Pulumi.%s.yaml names", ctx.Stack()),
		}
	}
	return masked{rendering}, nil
}

// Value is unknown in a preview, which shows it as such. A rendering has no
// unknown values, so there it is masked-SECRET-KEY in the form that is asked for.
func (m masked) Value(_ *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error) {
	if m.rendering {
		return asSecret(value.Format.Formed("masked-" + value.Secret + "-" + value.Key)), nil
	}
	unknown := pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }) // never runs
	return pulumi.ToSecret(unknown).(pulumi.StringOutput), nil
}
