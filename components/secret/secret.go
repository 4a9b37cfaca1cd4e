// Package secret writes Secrets, or has the Infisical operator write them.
package secret

import (
	"encoding/base64"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// opaque is the type of a Secret whose keys Kubernetes does not check.
const opaque = "Opaque"

// New registers an Opaque Secret, see [newSecretOf].
func New(ctx *pulumi.Context, name string, app object.App, component, secret string, values pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return NewOf(ctx, name, app, opaque, app.Named(component, secret), values, opts...)
}

// NewOf registers a Secret of a type, or what has the operator write it
// where the stack leaves that to it. What is read from the result holds for
// both: it is there, and it is to come before whoever reads the Secret.
//
// Without a value from the secret source there is nothing for the operator to
// fetch, and it takes no resource without a source: such a Secret stays one.
func NewOf(ctx *pulumi.Context, name string, app object.App, kind string, meta *metav1.ObjectMetaArgs, values pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	if app.Operator != nil && !literal(values) {
		return newOperatorSecret(ctx, name, *app.Operator, kind, meta, values, opts...)
	}
	return newPlainSecret(ctx, name, kind, meta, values, opts...)
}

// newPlainSecret writes the Secret. Its values go into data and not into
// stringData, which the API server never returns: each preview would show it
// as changed.
//
// It stays in the cluster when it leaves the program: the operator that takes
// its place finds it, and pods that start in between do too. A namespace that
// is deleted takes it along.
func newPlainSecret(ctx *pulumi.Context, name, kind string, meta *metav1.ObjectMetaArgs, values pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	data := pulumi.StringMap{}
	for key, value := range values {
		data[key] = encoded(value)
	}
	s, err := corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata: meta,
		Type:     pulumi.String(kind),
		Data:     data,
	}, append(opts, pulumi.RetainOnDelete(true), pulumi.AdditionalSecretOutputs([]string{"data", "stringData"}))...)
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
