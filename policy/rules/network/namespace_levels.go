package network

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

const (
	admissionPage = "https://kubernetes.io/docs/concepts/security/pod-security-admission/"
	levelLabel    = "pod-security.kubernetes.io/"
)

// levels are those of Pod Security, the strictest first.
var levels = []string{"restricted", "baseline", "privileged"}

var namespaceLevels = pack.Rule{
	Name: "namespace-sets-pod-security-levels", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "without the labels the API server admits any pod, and neither warns nor keeps a record of it",
	Remedy:    "label the namespace with pod-security.kubernetes.io/enforce, audit and warn",
	Reference: admissionPage,
	Kinds:     []string{"Namespace"},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, []string{"enforce", "audit", "warn"}, func(mode string) {
			if label := o.At("metadata", "labels", levelLabel+mode); !label.Is(levels...) {
				r.Violated(o, label, "is none of %s", strings.Join(levels, ", "))
			}
		})
	},
}
