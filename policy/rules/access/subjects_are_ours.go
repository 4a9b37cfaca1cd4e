package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var subjectsAreOurs = pack.Rule{
	Name: "binding-subjects-are-accounts-of-the-stack", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a right for a group, a user or the default account is one for pods and people that nobody listed; one for an account that is not there waits for whoever makes it",
	Remedy:    "bind a ServiceAccount that the stack makes for the workload",
	Reference: goodPractices,
	// OpenShift's router reads the certificate of a Route by such a right.
	Parameters: map[string]any{"accounts-of-the-cluster": []any{"openshift-ingress/router"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(bindingKinds...), func(binding pack.Object) {
			pack.Each(r, binding, binding.At("subjects").Items(), func(subject pack.Value) {
				kind, name := subject.At("kind"), subject.At("name")
				switch {
				case !kind.Is("ServiceAccount"):
					r.Violated(binding, subject, "is a %s, not a ServiceAccount", kind.Text())
				case name.Is("default"):
					r.Violated(binding, name, "is the account of every pod that names none")
				case slices.Contains(r.List("accounts-of-the-cluster"), subject.At("namespace").Text()+"/"+name.Text()):
				case !made(s, "ServiceAccount", subject.At("namespace").Text(), name.Text()):
					r.Violated(binding, subject, "is no ServiceAccount of the stack")
				}
			})
		})
	},
}

// made tells whether the stack makes an object.
func made(s *pack.Stack, kind, namespace, name string) bool {
	return pack.Some(s.Kinds(kind), func(o pack.Object) bool {
		return o.Called(name) && o.At("metadata", "namespace").Is(namespace)
	})
}
