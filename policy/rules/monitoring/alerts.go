package monitoring

import (
	"platform/policy/pack"
)

// practices is what Prometheus' authors advise on alerts.
const practices = "https://prometheus.io/docs/practices/alerting/"

// alerts are the alert rules of a PrometheusRule. Its other rules record
// series, and wake nobody up.
func alerts(o pack.Object, r *pack.Report, judge func(alert pack.Value)) {
	pack.Each(r, o, o.At("spec", "groups").Items(), func(group pack.Value) {
		pack.Each(r, o, group.At("rules").Items(), func(rule pack.Value) {
			if rule.At("alert").Text() != "" {
				judge(rule)
			}
		})
	})
}
