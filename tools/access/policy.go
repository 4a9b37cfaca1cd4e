package access

import (
	"fmt"

	admissionv1 "k8s.io/api/admissionregistration/v1"
)

// policy refuses every request of the account that would change something. A
// request that is no dry run is refused even where no role of this package
// allows it: whoever gives the account more rights gives it more previews.
func (a *Access) policy() any {
	const version = "admissionregistration.k8s.io/v1"
	fail := admissionv1.Fail
	return &admissionv1.ValidatingAdmissionPolicy{
		TypeMeta: typed(version, "ValidatingAdmissionPolicy"), ObjectMeta: a.named(a.cluster(), ""),
		Spec: admissionv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: &fail,
			MatchConstraints: &admissionv1.MatchResources{ResourceRules: []admissionv1.NamedRuleWithOperations{{RuleWithOperations: admissionv1.RuleWithOperations{
				Operations: []admissionv1.OperationType{admissionv1.OperationAll},
				Rule:       admissionv1.Rule{APIGroups: []string{"*"}, APIVersions: []string{"*"}, Resources: []string{"*/*"}},
			}}}},
			MatchConditions: []admissionv1.MatchCondition{{
				Name: "account", Expression: fmt.Sprintf("request.userInfo.username == 'system:serviceaccount:%s:%s'", a.Namespace, Account),
			}},
			Validations: []admissionv1.Validation{{
				Expression: "has(request.dryRun) && request.dryRun",
				Message:    Account + " previews and deploys nothing: only dry runs are let through",
			}},
		},
	}
}

func (a *Access) binding() any {
	return &admissionv1.ValidatingAdmissionPolicyBinding{
		TypeMeta: typed("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"), ObjectMeta: a.named(a.cluster(), ""),
		Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: a.cluster(), ValidationActions: []admissionv1.ValidationAction{admissionv1.Deny},
		},
	}
}
