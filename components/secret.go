package components

import (
	"encoding/base64"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// opaque is the type of a Secret whose keys Kubernetes does not check.
const opaque = "Opaque"

// newSecret registers an Opaque Secret, see [newSecretOf].
func newSecret(ctx *pulumi.Context, name string, app App, component, secret string, values pulumi.StringMap, opts ...pulumi.ResourceOption) (*corev1.Secret, error) {
	return newSecretOf(ctx, name, opaque, app.named(component, secret), values, opts...)
}

// newSecretOf registers a Secret of a type. Its values go into data and not into
// stringData, which the API server never returns: each preview would show it
// as changed.
func newSecretOf(ctx *pulumi.Context, name, kind string, meta *metav1.ObjectMetaArgs, values pulumi.StringMap, opts ...pulumi.ResourceOption) (*corev1.Secret, error) {
	data := pulumi.StringMap{}
	for key, value := range values {
		data[key] = encoded(value)
	}
	s, err := corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata: meta,
		Type:     pulumi.String(kind),
		Data:     data,
	}, append(opts, pulumi.AdditionalSecretOutputs([]string{"data", "stringData"}))...)
	if err != nil {
		return nil, fmt.Errorf("secret %q: %w", name, err)
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
