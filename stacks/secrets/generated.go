package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// generated makes each value once and keeps it, encrypted, in the state. Its
// provider is one of its own, registered with the first value: default
// providers are off, so that no resource ever goes where nobody pointed it.
type generated struct {
	provider pulumi.ResourceOption
}

// Value is letters and digits only, so it needs no escaping anywhere.
func (g *generated) Value(ctx *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error) {
	if g.provider == nil {
		provider, err := random.NewProvider(ctx, "generated-secrets", nil)
		if err != nil {
			return pulumi.StringOutput{}, fmt.Errorf("provider of generated secrets: %w", err)
		}
		g.provider = pulumi.Provider(provider)
	}
	password, err := random.NewRandomPassword(ctx, value.Secret+"-"+value.Key, &random.RandomPasswordArgs{
		Length: pulumi.Int(value.MadeLength()), Special: pulumi.Bool(false),
	}, g.provider)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("secret %s: %w", value, err)
	}
	made := password.Result.ApplyT(func(text string) string { return value.Format.Formed(text) })
	return pulumi.ToSecret(made).(pulumi.StringOutput), nil
}
