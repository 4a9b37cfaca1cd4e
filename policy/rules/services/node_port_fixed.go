package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var nodePortFixed = pack.Rule{
	Name: "node-port-is-fixed", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server gives a port that is not named by chance, and whoever asks at the node does not find it after the Service was made anew",
	Remedy:    "set nodePort of each port",
	Reference: documentation + "#type-nodeport",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if !o.At("spec", "type").Is("NodePort") {
			return
		}
		pack.Each(r, o, o.At("spec", "ports").Items(), func(port pack.Value) {
			if at := port.At("nodePort"); at.Int() == 0 {
				r.Violated(o, at, "is not set")
			}
		})
	},
}
