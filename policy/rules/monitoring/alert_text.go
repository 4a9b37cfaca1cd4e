package monitoring

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var alertText = pack.Rule{
	Name: "alert-says-what-to-do", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "whoever is woken up by a bare name loses the first minutes on finding out what it means",
	Remedy:     "give the alert the annotations summary and runbook_url",
	Reference:  practices,
	Parameters: map[string]any{"annotations": []any{"summary", "runbook_url"}},
	Kinds:      []string{"PrometheusRule"},
	Object: func(o pack.Object, r *pack.Report) {
		alerts(o, r, func(alert pack.Value) {
			pack.Each(r, o, r.List("annotations"), func(key string) {
				if at := alert.At("annotations", key); strings.TrimSpace(at.Text()) == "" {
					r.Violated(o, at, "is missing from alert %s", alert.At("alert").Text())
				}
			})
		})
	},
}
