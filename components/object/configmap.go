package object

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewConfigMap registers files, or variables, for pods to read.
func NewConfigMap(ctx *pulumi.Context, name string, meta *metav1.ObjectMetaArgs, data map[string]string, opts ...pulumi.ResourceOption) (*corev1.ConfigMap, error) {
	made, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{Metadata: meta, Data: pulumi.ToStringMap(data)}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map %q: %w", name, err)
	}
	return made, nil
}
