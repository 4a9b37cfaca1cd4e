package secrets

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
	"platform/stacks/secrets/infisical"
)

// read has the values that were read from Infisical, all of them at once.
type read struct {
	values *infisical.Result
}

// fromInfisical reads every value that the stack declares. What the folders
// hold beside them is reported by name: it may be a misspelt one.
func fromInfisical(ctx *pulumi.Context, settings config.Infisical, wanted []config.SecretValue, lookup func(string) (string, bool)) (Source, error) {
	values, err := infisical.Read(ctx.Context(), ctx.Stack(), settings, wanted, lookup)
	if err != nil {
		return nil, err
	}
	if names := values.Undeclared; len(names) > 0 {
		said := fmt.Sprintf("the folders of stack %s in Infisical hold values that it does not use: %s", ctx.Stack(), strings.Join(names, ", "))
		if err := ctx.Log.Info(said, nil); err != nil {
			return nil, err
		}
	}
	return read{values}, nil
}

// Value is a value that has been read and checked.
func (r read) Value(_ *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error) {
	return asSecret(r.values.Values[value.String()].Reveal()), nil
}
