package podsecurity

import (
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var userIDs = pack.Rule{
	Name: "pod-user-has-high-id", Group: pack.PodSecurity, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
	Reason:    "a low UID or GID may be that of a user of the node, whose files the container reaches once it is out",
	Remedy:    "set securityContext.runAsUser and runAsGroup to 10000 or more, or list the one that the image is built for",
	Reference: "https://github.com/zegl/kube-score/blob/master/README_CHECKS.md (container-security-context-user-group-id)",
	Kinds:     pack.PodKinds,
	// The images of the platforms run as these: postgres 70, haproxy 99, nginx
	// 101, redis 999, the backend of the co2-calculator 1001.
	Parameters: map[string]any{"floor": 10000.0, "listed": []any{"70", "99", "101", "999", "1001"}},
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if user := c.Security("runAsUser"); user.Set() && user.Int() == 0 {
			return // pod-runs-as-non-root judges root
		}
		pack.Each(r, c, []string{"runAsUser", "runAsGroup"}, func(key string) {
			id := c.Security(key)
			switch {
			case !id.Set():
				r.Violated(c, id, "is not set, so that the image decides")
			case !slices.Contains(r.List("listed"), strconv.Itoa(id.Int())) && float64(id.Int()) < pack.Parameter[float64](r, "floor"):
				r.Violated(c, id, "is %d, which is low and not listed", id.Int())
			}
		})
	}),
}
