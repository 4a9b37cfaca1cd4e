package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestMetricsScraped(t *testing.T) {
	const at = "Deployment/api container api: spec.template.spec.containers[0].ports[0].name"
	packtest.Run(t, metricsScraped, map[string]packtest.Case{
		"by a PodMonitor":     {Objects: of(api, podMonitor)},
		"by a ServiceMonitor": {Objects: of(api, service, serviceMonitor)},
		"absent":              {Objects: api, Want: []string{at}},
		"another port":        {Objects: of(api, but(podMonitor, "port: metrics", "port: http")), Want: []string{at}},
		"other pods":          {Objects: of(api, but(podMonitor, "app: api", "app: web")), Want: []string{at}},
		"by annotation":       {Objects: but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'true'}")},
		"not by annotation":   {Objects: but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'false'}"), Want: []string{at}},
		"no metrics":          {Objects: but(api, "name: metrics", "name: stats")},
		"by parameter":        {Objects: api, Parameters: map[string]any{"names": []any{"http"}}, Want: []string{"Deployment/api container api: spec.template.spec.containers[0].ports[1].name"}},
		"a Job":               {Objects: but(api, "Deployment", "Job")},
		"wrong type":          {Objects: but(api, "name: metrics", "name: 1"), Want: []string{at}},
		"not known":           {Objects: but(api, "name: metrics", "name: <unknown>"), Undecided: []string{at}},
		"monitor unknown":     {Objects: of(api, but(podMonitor, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api container api: spec.selector.matchLabels.app"}},
	})
}
