package plan

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var secretKubeconfig = pack.Rule{
	Name: "provider-kubeconfig-is-a-path-or-secret", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a kubeconfig that is not marked stands in clear in the state, with its keys",
	Remedy:    "pass a path, or mark the content with pulumi.ToSecret",
	Reference: "https://www.pulumi.com/docs/iac/concepts/secrets/",
	Object: ofProviders(func(o pack.Object, r *pack.Report) {
		if kubeconfig := o.At("kubeconfig"); !kubeconfig.Secret() && strings.ContainsAny(kubeconfig.Text(), "\n{") {
			r.Violated(o, kubeconfig, "is a whole kubeconfig that is not marked secret")
		}
	}),
}
