package components

import (
	"encoding/base64"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSecret registers an Opaque Secret. Its values go into data and not into
// stringData, which the API server never returns: each preview would show it
// as changed.
func newSecret(ctx *pulumi.Context, name string, app App, component, secret string, values pulumi.StringMap, opts ...pulumi.ResourceOption) (*corev1.Secret, error) {
	data := pulumi.StringMap{}
	for key, value := range values {
		data[key] = encoded(value)
	}
	s, err := corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata: app.named(component, secret),
		Type:     pulumi.String("Opaque"),
		Data:     data,
	}, append(opts, pulumi.AdditionalSecretOutputs([]string{"data", "stringData"}))...)
	if err != nil {
		return nil, fmt.Errorf("secret %q: %w", secret, err)
	}
	return s, nil
}

// encoded marks a value secret whatever it was before: what goes into a
// Secret is one.
func encoded(value pulumi.StringInput) pulumi.StringOutput {
	return pulumi.ToSecret(value.ToStringOutput().ApplyT(func(v string) string {
		return base64.StdEncoding.EncodeToString([]byte(v))
	})).(pulumi.StringOutput)
}
