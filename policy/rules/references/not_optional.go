package references

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var notOptional = pack.Rule{
	Name: "reference-is-not-optional", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a program that starts without its key goes on with an empty one, and nothing tells",
	Remedy:    "remove optional, or list the reference as NAME/KEY in the rule's parameter",
	Reference: secretsPage + "#restriction-secret-must-exist",
	// What a user of Edd Cloud's gateway may set, and leave out.
	Parameters: map[string]any{"optional": []any{"gateway-token-key/TOKEN_ENCRYPTION_KEY"}},
	Stack: pack.OfPods(func(_ *pack.Stack, pod pack.Pod, r *pack.Report) {
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			for _, variable := range c.At("env").Items() {
				required(r, c, variable.At("valueFrom", "secretKeyRef"))
				required(r, c, variable.At("valueFrom", "configMapKeyRef"))
			}
			for _, source := range c.At("envFrom").Items() {
				required(r, c, source.At("secretRef"))
				required(r, c, source.At("configMapRef"))
			}
		})
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			required(r, pod, volume.At("secret"))
			required(r, pod, volume.At("configMap"))
		})
	}),
}

// required judges one reference.
func required(r *pack.Report, subject any, ref pack.Value) {
	if at := ref.At("optional"); at.True() && !slices.Contains(r.List("optional"), ref.At("name").Text()+"/"+ref.At("key").Text()) {
		r.Violated(subject, at, "lets the pod start without it")
	}
}
