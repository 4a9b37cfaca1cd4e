package monitoring

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var alertSeverity = pack.Rule{
	Name: "alert-has-a-severity", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "Alertmanager routes by severity: an alert without one, or with a misspelt one, reaches nobody or everybody",
	Remedy:     "set labels.severity to critical or warning",
	Reference:  "the platform's description: Alerting",
	Parameters: map[string]any{"severities": []any{"critical", "warning"}},
	Kinds:      []string{"PrometheusRule"},
	Object: func(o pack.Object, r *pack.Report) {
		severities := r.List("severities")
		alerts(o, r, func(alert pack.Value) {
			if at := alert.At("labels", "severity"); !slices.Contains(severities, at.Text()) {
				r.Violated(o, at, "is %q in alert %s, none of %s", at.Text(), alert.At("alert").Text(), strings.Join(severities, ", "))
			}
		})
	},
}
