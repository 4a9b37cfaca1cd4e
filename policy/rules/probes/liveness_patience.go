package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var livenessPatience = pack.Rule{
	Name: "liveness-waits-longer-than-readiness", Group: pack.Probes, Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a container that is slow for a moment is killed, where to send it nothing would have let it recover",
	Remedy:    "raise periodSeconds or failureThreshold of the livenessProbe above those of the readinessProbe, or have it ask less",
	Reference: documentation,
	Kinds:     servingKinds,
	Object: ofServing(func(c pack.Container, r *pack.Report) {
		liveness, readiness := c.At(livenessProbe), c.At(readinessProbe)
		if !liveness.Set() || action(c, liveness) != action(c, readiness) {
			return
		}
		if kills, waits := patience(liveness), patience(readiness); kills <= waits {
			r.Violated(c, liveness, "asks the same as the readinessProbe and kills after %d s, where that one takes %d s", kills, waits)
		}
	}),
}

// patience are the seconds from the first failure of a probe until it acts;
// 3 failures and 10 s are what Kubernetes fills in.
func patience(probe pack.Value) int {
	return seconds(probe.At("failureThreshold"), 3) * seconds(probe.At("periodSeconds"), 10)
}
