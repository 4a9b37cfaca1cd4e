package monitoring

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var alertWaits = pack.Rule{
	Name: "alert-waits-before-it-fires", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "a single bad sample, as every rollout gives, wakes somebody up, and alerts are soon ignored",
	Remedy:    "set for to how long it has to be so, such as 5m",
	Reference: practices,
	Kinds:     []string{"PrometheusRule"},
	Object: func(o pack.Object, r *pack.Report) {
		alerts(o, r, func(alert pack.Value) {
			at := alert.At("for")
			if duration := at.Text(); strings.Trim(duration, "0smhdwy") == "" {
				r.Violated(o, at, "is %q in alert %s", duration, alert.At("alert").Text())
			}
		})
	},
}
