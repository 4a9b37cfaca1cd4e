package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestMetricsScraped(t *testing.T) {
	const at = "Deployment/api container api: spec.template.spec.containers[0].ports[0].name"
	web := but(podMonitor, "app: api", "app: web") // of other pods; without any monitor, monitoring is off
	packtest.Run(t, metricsScraped, map[string]packtest.Case{
		"by a PodMonitor":     {Objects: of(api, podMonitor)},
		"by a ServiceMonitor": {Objects: of(api, service, serviceMonitor)},
		"absent":              {Objects: of(api, web), Want: []string{at}},
		"another port":        {Objects: of(api, but(podMonitor, "port: metrics", "port: http")), Want: []string{at}},
		"off":                 {Objects: api},
		"by annotation":       {Objects: but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'true'}")},
		"not by annotation":   {Objects: of(but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'false'}"), web), Want: []string{at}},
		"no metrics":          {Objects: but(api, "name: metrics", "name: stats")},
		"by parameter":        {Objects: of(api, web), Parameters: map[string]any{"names": []any{"http"}}, Want: []string{"Deployment/api container api: spec.template.spec.containers[0].ports[1].name"}},
		"a Job":               {Objects: but(api, "Deployment", "Job")},
		"wrong type":          {Objects: of(but(api, "name: metrics", "name: 1"), web), Want: []string{at}},
		"not known":           {Objects: of(but(api, "name: metrics", "name: <unknown>"), web), Undecided: []string{at}},
		"monitor unknown":     {Objects: of(api, but(podMonitor, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api container api: spec.selector.matchLabels.app"}},
	})
}
