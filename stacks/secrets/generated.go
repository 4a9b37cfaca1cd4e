package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// defaultLength is the length of a generated value, in characters: with 62
// letters and digits to draw from, 32 hold 190 bits.
const defaultLength = 32

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
	length := value.Length
	if length == 0 {
		length = defaultLength
	}
	password, err := random.NewRandomPassword(ctx, value.Secret+"-"+value.Key, &random.RandomPasswordArgs{
		Length: pulumi.Int(length), Special: pulumi.Bool(false),
	}, g.provider)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("secret %s: %w", value, err)
	}
	made := password.Result.ApplyT(func(text string) string { return formed(value.Format, text) })
	return pulumi.ToSecret(made).(pulumi.StringOutput), nil
}
