package secrets

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var referencesResolve = pack.Rule{
	Name: "pod-references-exist", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a pod that names a Secret or ConfigMap that is not there, or a key that it has not, never starts",
	Remedy:    "name an object and a key that the stack writes, mark the reference optional, or list the Secret as provided",
	Reference: "https://kubernetes.io/docs/concepts/configuration/secret/#using-a-secret",
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		namespace := pod.Owner.At("metadata", "namespace").Text()
		provided := r.List("provided")
		if len(s.Kinds("Certificate", "ClusterIssuer", "Issuer")) == 0 {
			provided = slices.Concat(provided, r.List("certificates"))
		}
		pack.Each(r, pod, references(pod), func(ref reference) {
			if ref.optional || slices.Contains(provided, ref.name.Text()) {
				return
			}
			keys, found := written(s, namespace, ref)
			if !found {
				r.Violated(pod, ref.name, "is no %s of the stack", ref.kind)
				return
			}
			pack.Each(r, pod, ref.keys, func(key pack.Value) {
				if !slices.Contains(keys, key.Text()) {
					r.Violated(pod, key, "is no key of %s %s", ref.kind, ref.name.Text())
				}
			})
		})
	}),
	// Names of Secrets that somebody else writes; and of certificates that somebody
	// does where the stack issues none, as with platform:tls.source existing.
	Parameters: map[string]any{"provided": []any{}, "certificates": []any{"eddisonso-wildcard-tls"}},
}
