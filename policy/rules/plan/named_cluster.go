package plan

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var namedCluster = pack.Rule{
	Name: "provider-names-its-cluster", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "without a context the current one of the kubeconfig decides; without an identifier another path or login looks like another cluster, and everything is replaced",
	Remedy:    "set context and clusterIdentifier of the provider",
	Reference: clusterDecision,
	Object: ofProviders(func(o pack.Object, r *pack.Report) {
		if o.At("renderYamlToDirectory").Text() != "" { // asks no cluster
			return
		}
		pack.Each(r, o, []string{"context", "clusterIdentifier"}, func(setting string) {
			if value := o.At(setting); value.Text() == "" {
				r.Violated(o, value, "is missing")
			}
		})
	}),
}

// ofProviders judges providers of Kubernetes alone.
func ofProviders(judge func(o pack.Object, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		if o.Type == providerType {
			judge(o, r)
		}
	}
}
