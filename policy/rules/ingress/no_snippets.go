package ingress

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var noSnippets = pack.Rule{
	Name: "ingress-runs-no-snippets", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a snippet is configuration of the controller, who may read every Secret of the cluster (CVE-2021-25742, CVE-2025-1974)",
	Remedy:    "remove the annotation; what it did belongs into the backend",
	Reference: "https://github.com/kubernetes/kubernetes/issues/131009",
	// Ends of the names of annotations whose text ends up in the controller's
	// configuration as it is.
	Parameters: map[string]any{"endings": []any{
		"-snippet", "/auth-url", "/auth-signin", "/auth-tls-match-cn", "/mirror-target", "/mirror-host",
	}},
	Kinds: []string{"Ingress"},
	Object: func(o pack.Object, r *pack.Report) {
		annotations := o.At("metadata", "annotations")
		for _, key := range annotations.Keys() {
			for _, ending := range r.List("endings") {
				if strings.HasSuffix(key, ending) {
					r.Violated(o, annotations.At(key), "is written into the controller's configuration")
				}
			}
		}
	},
}
