package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var probesSet = pack.Rule{
	Name: "serving-container-has-probes", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a program that hangs serves nobody until somebody restarts it by hand, and one that starts slowly is killed on the way",
	Remedy:    "add livenessProbe, readinessProbe and startupProbe",
	Reference: documentation,
	Kinds:     servingKinds,
	Object: ofServing(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, []string{livenessProbe, readinessProbe, startupProbe}, func(name string) {
			if probe := c.At(name); !probe.Set() {
				r.Violated(c, probe, "is missing")
			}
		})
	}),
}
