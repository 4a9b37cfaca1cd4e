package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ownAccount = pack.Rule{
	Name: "pod-has-own-service-account", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a permission given to an account is one for every pod that shares it, and without the account no pod starts",
	Remedy:    "set serviceAccountName to a ServiceAccount of the stack that no other workload uses",
	Reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		users := map[string]pack.Object{}
		pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			name, namespace := account(pod), pod.Owner.Namespace()
			if name.Is("", "default") {
				r.Violated(pod, name, "is the account that every pod of the namespace has")
				return
			}
			if _, found := s.Referred("ServiceAccount", namespace, name.Text()); !found {
				r.Violated(pod, name, "is %s, which the stack does not have", name.Text())
			}
			if other, shared := users[namespace+"/"+name.Text()]; shared {
				r.Violated(pod, name, "is %s, which %s uses too", name.Text(), other)
			}
			users[namespace+"/"+name.Text()] = pod.Owner
		})(s, r)
	},
}
