package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestAutoscalerMeasure(t *testing.T) {
	const at = "Deployment/api container api: spec.template.spec.containers[0].resources.requests.cpu"
	const metrics = "HorizontalPodAutoscaler/api: spec.metrics"
	bare := but(api, "{requests: {cpu: 100m}}", "{requests: {memory: 1Gi}}")
	const metric = "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}"
	sidecar := but(api, "containers:", "initContainers: [{name: side, restartPolicy: Always}, {name: once}]\n      containers:")
	packtest.Run(t, autoscalerMeasure, map[string]packtest.Case{
		"requested":         {Objects: of(api, scaler)},
		"a limit alone":     {Objects: of(but(api, "{requests: {cpu: 100m}}", "{limits: {cpu: 100m}}"), scaler)},
		"absent":            {Objects: of(bare, scaler), Want: []string{at}},
		"no resources":      {Objects: of(but(api, ", resources: {requests: {cpu: 100m}}", ""), scaler), Want: []string{at}},
		"one of two":        {Objects: of(but(api, "containers:", "containers:\n      - {name: more}"), scaler), Want: []string{"Deployment/api container more: spec.template.spec.containers[0].resources.requests.cpu"}},
		"a sidecar":         {Objects: of(sidecar, scaler), Want: []string{"Deployment/api container side: spec.template.spec.initContainers[0].resources.requests.cpu"}},
		"an absolute value": {Objects: of(bare, but(scaler, "{type: Utilization, averageUtilization: 70}", "{type: AverageValue, averageValue: 1}"))},
		"of a queue":        {Objects: of(bare, but(scaler, metric, "{type: External, external: {metric: {name: queue}}}"))},
		"of one container": {Objects: of(but(api, "containers:", "containers:\n      - {name: more}"),
			but(scaler, metric, "{type: ContainerResource, containerResource: {name: cpu, container: api, target: {type: Utilization}}}"))},
		"of a bare container": {
			Objects: of(bare, but(scaler, metric, "{type: ContainerResource, containerResource: {name: cpu, container: api, target: {type: Utilization}}}")),
			Want:    []string{at},
		},
		"no metrics":   {Objects: of(api, but(scaler, "metrics:\n  - "+metric, "metrics: []")), Want: []string{metrics}},
		"no target":    {Objects: of(but(bare, "name: api, namespace", "name: web, namespace"), scaler)},
		"wrong type":   {Objects: of(but(api, "{requests: {cpu: 100m}}", "{requests: 100m}"), scaler), Want: []string{"Deployment/api container api: spec.template.spec.containers[0].resources.requests"}},
		"not known":    {Objects: of(but(api, "{requests: {cpu: 100m}}", "<unknown>"), scaler), Undecided: []string{"Deployment/api container api: spec.template.spec.containers[0].resources"}},
		"not known at": {Objects: of(api, but(scaler, "name: cpu", "name: <unknown>")), Undecided: []string{metrics + "[0].resource.name"}},
	})
}
