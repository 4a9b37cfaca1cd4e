package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestMonitorTarget(t *testing.T) {
	const pods, services = "PodMonitor/api: spec.podMetricsEndpoints", "ServiceMonitor/api: spec.endpoints"
	pod := func(changes ...string) string { return of(api, but(podMonitor, changes...)) }
	through := func(changes ...string) string { return of(api, service, but(serviceMonitor, changes...)) }
	packtest.Run(t, monitorTarget, map[string]packtest.Case{
		"pods":                   {Objects: pod()},
		"by number":              {Objects: pod("port: metrics", "portNumber: 9121")},
		"another number":         {Objects: pod("port: metrics", "portNumber: 9122"), Want: []string{pods + "[0]"}},
		"another port":           {Objects: pod("port: metrics", "port: web"), Want: []string{pods + "[0]"}},
		"no port":                {Objects: pod("port: metrics", "path: /"), Want: []string{pods + "[0]"}},
		"other pods":             {Objects: pod("app: api", "app: web"), Want: []string{pods + "[0]"}},
		"a Job":                  {Objects: of(but(api, "Deployment", "Job"), podMonitor), Want: []string{pods + "[0]"}},
		"no selector":            {Objects: pod("selector: {matchLabels: {app: api}}", "x: z"), Want: []string{pods + "[0]"}},
		"absent":                 {Objects: pod("podMetricsEndpoints: [{port: metrics}]", "x: z"), Want: []string{pods}},
		"one of two":             {Objects: pod("[{port: metrics}]", "[{port: metrics}, {port: web}]"), Want: []string{pods + "[1]"}},
		"another namespace":      {Objects: pod("namespace: a", "namespace: b"), Want: []string{pods + "[0]"}},
		"named from there":       {Objects: pod("namespace: a", "namespace: b", "spec:", "spec:\n  namespaceSelector: {matchNames: [a]}")},
		"another one named":      {Objects: pod("spec:", "spec:\n  namespaceSelector: {matchNames: [b]}"), Want: []string{pods + "[0]"}},
		"any from there":         {Objects: pod("namespace: a", "namespace: b", "spec:", "spec:\n  namespaceSelector: {any: true}")},
		"a Service":              {Objects: through()},
		"a Service's other port": {Objects: through("port: web", "port: http"), Want: []string{services + "[0]"}},
		"past the Service's":     {Objects: through("port: web", "targetPort: 9121")},
		"past it, other":         {Objects: through("port: web", "targetPort: 9122"), Want: []string{services + "[0]"}},
		"another Service":        {Objects: through("svc: api", "svc: web"), Want: []string{services + "[0]"}},
		"a Service of none":      {Objects: of(api, but(service, "app: api", "app: web"), serviceMonitor), Want: []string{services + "[0]"}},
		"a Service without":      {Objects: of(api, but(service, "selector: {app: api}, ", ""), serviceMonitor), Want: []string{services + "[0]"}},
		"a Service elsewhere": {
			Objects: of(api, but(service, "namespace: a", "namespace: b"), but(serviceMonitor, "spec:", "spec:\n  namespaceSelector: {any: true}")),
			Want:    []string{services + "[0]"},
		},
		"a port of none": {Objects: of(api, but(service, "targetPort: metrics", "targetPort: 1"), serviceMonitor), Want: []string{services + "[0]"}},
		"its own number": {Objects: of(api, but(service, "port: 80, targetPort: metrics", "port: 8080"), serviceMonitor)},
		"wrong type":     {Objects: pod("port: metrics", "port: true"), Want: []string{pods + "[0].port"}},
		"not known":      {Objects: pod("port: metrics", "port: <unknown>"), Undecided: []string{pods + "[0].port"}},
		"labels unknown": {Objects: of(but(api, "app: api", "app: <unknown>"), podMonitor), Undecided: []string{"PodMonitor/api: spec.template.metadata.labels.app"}},
	})
}
