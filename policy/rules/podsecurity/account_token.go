package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var accountToken = pack.Rule{
	Name: "token-only-where-api-is-called", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a token that the workload does not need is one that whoever breaks into it has",
	Remedy:    "set automountServiceAccountToken of the pod to false, or bind its account to the role that it needs",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, protecting Pod service account tokens",
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if mounted, at := tokenMounted(s, pod); mounted && !bound(s, pod) {
			r.Violated(pod, at, "has a token, and no binding of the stack gives its account a permission")
		}
	}),
}

// account is the name of the pod's service account; empty where it names none.
func account(pod pack.Pod) pack.Value {
	if name := pod.Spec.At("serviceAccountName"); name.Text() != "" || !pod.Spec.At("serviceAccount").Set() {
		return name
	}
	return pod.Spec.At("serviceAccount") // the field's name of old
}

// tokenMounted tells whether a token for the API server is in the pod's files,
// and which value says so: the pod's, its account's, or a volume's.
func tokenMounted(s *pack.Stack, pod pack.Pod) (bool, pack.Value) {
	for _, volume := range pod.Spec.At("volumes").Items() {
		for _, source := range volume.At("projected", "sources").Items() {
			if token := source.At("serviceAccountToken"); token.Set() && token.At("audience").Text() == "" {
				return true, token
			}
		}
	}
	own := pod.Spec.At("automountServiceAccountToken")
	if own.Set() {
		return own.True(), own
	}
	if of, found := s.Referred("ServiceAccount", pod.Owner.Namespace(), account(pod).Text()); found {
		return !of.At("automountServiceAccountToken").False(), own
	}
	return true, own
}

// bound tells whether the stack gives the pod's account a permission.
func bound(s *pack.Stack, pod pack.Pod) bool {
	name := account(pod).Text()
	return pack.Some(s.Kinds("RoleBinding", "ClusterRoleBinding"), func(binding pack.Object) bool {
		return pack.Some(binding.At("subjects").Items(), func(subject pack.Value) bool {
			return subject.At("kind").Is("ServiceAccount") && subject.At("name").Is(name) &&
				subject.At("namespace").Is(pod.Owner.Namespace())
		})
	})
}
