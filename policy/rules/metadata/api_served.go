package metadata

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// deprecationGuide is where [lifecycles] come from.
const deprecationGuide = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"

// target is the minor version of Kubernetes 1 that the clusters run.
const target = "35"

// alpha matches an API of Kubernetes' own that servers leave off.
var alpha = regexp.MustCompile(`^(?:[a-z]+|[a-z.]+\.k8s\.io)/v\d+alpha\d+$`)

var apiServed = pack.Rule{
	Name: "api-is-served", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the API server does not know a version that was removed or is alpha, and the deployment stops halfway",
	Remedy:    "move the object to the version that is served",
	Reference: deprecationGuide,
	Object: func(o pack.Object, r *pack.Report) {
		life, deprecated := lifecycleOf(o)
		switch {
		case deprecated && life.removed > 0 && life.removed <= minor(r):
			r.Violated(o, pack.Value{}, "%s was removed in Kubernetes 1.%d; use %s", o.APIVersion, life.removed, life.instead)
		case alpha.MatchString(o.APIVersion):
			r.Violated(o, pack.Value{}, "%s is alpha", o.APIVersion)
		}
	},
	Parameters: map[string]any{"minor": target},
}

// minor is that of the clusters.
func minor(r *pack.Report) int {
	number, err := strconv.Atoi(strings.TrimPrefix(pack.Parameter[string](r, "minor"), "1."))
	if err != nil {
		panic("minor is a version of Kubernetes such as 35")
	}
	return number
}
