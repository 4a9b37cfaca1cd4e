package monitoring

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var metricsScraped = pack.Rule{
	Name: "metrics-port-is-scraped", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "metrics that nobody collects are missing on the day that they are looked for",
	Remedy:     "add a PodMonitor or ServiceMonitor for the port",
	Reference:  operator,
	Parameters: map[string]any{"names": []any{"metrics", "http-metrics", "prometheus"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		names := r.List("names")
		if len(s.Kinds(monitors...)) == 0 {
			return // monitoring is off, as where the operator's kinds are not there
		}
		pack.Each(r, nil, s.Kinds(serving...), func(o pack.Object) {
			pod, _ := o.Pod()
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
					if name := port.At("name"); slices.Contains(names, name.Text()) && !annotated(pod) && !scraped(s, o, port) {
						r.Violated(c, name, "is %s, which no monitor scrapes", name.Text())
					}
				})
			})
		})
	},
}

// annotated tells whether the pod asks a Prometheus without an operator.
func annotated(pod pack.Pod) bool {
	return pod.Metadata.At("annotations", "prometheus.io/scrape").Is("true")
}

// scraped tells whether any monitor leads to a port of a workload's pods.
func scraped(s *pack.Stack, o pack.Object, port pack.Value) bool {
	return pack.Some(s.Kinds(monitors...), func(monitor pack.Object) bool {
		return pack.Some(endpoints(monitor).Items(), func(endpoint pack.Value) bool {
			found, _ := scrapes(s, monitor, endpoint, o)
			return found.Path() == port.Path()
		})
	})
}
