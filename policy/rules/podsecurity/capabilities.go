package podsecurity

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var capabilities = pack.Rule{
	Name: "container-drops-capabilities", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "the capabilities that a runtime gives by default let a container forge packets and change owners of files",
	Remedy:     "set securityContext.capabilities.drop of the container to [ALL], and add NET_BIND_SERVICE at most",
	Reference:  restricted,
	Kinds:      pack.PodKinds,
	Parameters: map[string]any{"add": []any{"NET_BIND_SERVICE"}},
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		set := c.At("securityContext", "capabilities")
		if drop := set.At("drop"); !slices.Contains(drop.Texts(), "ALL") {
			r.Violated(c, drop, "does not drop ALL")
		}
		pack.Each(r, c, set.At("add").Items(), func(one pack.Value) {
			if !one.Is(r.List("add")...) {
				r.Violated(c, one, "adds %s", one.Text())
			}
		})
	}),
}
