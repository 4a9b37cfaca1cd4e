package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EnvVar is one environment variable of a container; build it with [Literal],
// [FromSecret] or [FromField].
type EnvVar struct {
	name        string
	value       string
	secret, key string
	fieldPath   string
}

// Literal is a variable whose value is no secret.
func Literal(name, value string) EnvVar { return EnvVar{name: name, value: value} }

// FromSecret is a variable that the kubelet fills from a key of a Secret.
func FromSecret(name, secret, key string) EnvVar { return EnvVar{name: name, secret: secret, key: key} }

// FromField is a variable filled from the pod itself, such as metadata.name.
func FromField(name, path string) EnvVar { return EnvVar{name: name, fieldPath: path} }

func (e EnvVar) args() corev1.EnvVarArgs {
	args := corev1.EnvVarArgs{Name: pulumi.String(e.name)}
	switch {
	case e.secret != "":
		args.ValueFrom = corev1.EnvVarSourceArgs{SecretKeyRef: corev1.SecretKeySelectorArgs{
			Name: pulumi.String(e.secret), Key: pulumi.String(e.key),
		}}
	case e.fieldPath != "":
		args.ValueFrom = corev1.EnvVarSourceArgs{FieldRef: corev1.ObjectFieldSelectorArgs{
			FieldPath: pulumi.String(e.fieldPath),
		}}
	default:
		args.Value = pulumi.String(e.value)
	}
	return args
}
