package pod

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EnvVar is one environment variable of a container; build it with [Literal],
// [FromSecret], [OptionalSecret] or [FromField].
type EnvVar struct {
	name        string
	value       string
	secret, key string
	optional    bool // the secret, or the key in it, may be missing
	fieldPath   string
}

// Literal is a variable whose value is no secret.
func Literal(name, value string) EnvVar { return EnvVar{name: name, value: value} }

// FromSecret is a variable that the kubelet fills from a key of a Secret.
func FromSecret(name, secret, key string) EnvVar { return EnvVar{name: name, secret: secret, key: key} }

// OptionalSecret is [FromSecret] for what need not exist: without it the
// container starts without the variable.
func OptionalSecret(name, secret, key string) EnvVar {
	return EnvVar{name: name, secret: secret, key: key, optional: true}
}

// FromField is a variable filled from the pod itself, such as metadata.name.
func FromField(name, path string) EnvVar { return EnvVar{name: name, fieldPath: path} }

func (e EnvVar) args() corev1.EnvVarArgs {
	args := corev1.EnvVarArgs{Name: pulumi.String(e.name)}
	switch {
	case e.secret != "":
		ref := corev1.SecretKeySelectorArgs{Name: pulumi.String(e.secret), Key: pulumi.String(e.key)}
		if e.optional {
			ref.Optional = pulumi.Bool(true)
		}
		args.ValueFrom = corev1.EnvVarSourceArgs{SecretKeyRef: ref}
	case e.fieldPath != "":
		args.ValueFrom = corev1.EnvVarSourceArgs{FieldRef: corev1.ObjectFieldSelectorArgs{
			FieldPath: pulumi.String(e.fieldPath),
		}}
	default:
		args.Value = pulumi.String(e.value)
	}
	return args
}

// String tells variables apart, without the value of a secret. The names of
// Jobs hash it: another text for the same variable would run each Job again.
func (e EnvVar) String() string {
	text := fmt.Sprintf("{%q %q %q %q %q}", e.name, e.value, e.secret, e.key, e.fieldPath)
	if e.optional {
		text += " optional"
	}
	return text
}
