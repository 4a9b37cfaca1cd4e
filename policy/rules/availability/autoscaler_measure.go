package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var autoscalerMeasure = pack.Rule{
	Name: "autoscaler-can-measure", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a percentage is one of the request; where a container has none, the autoscaler takes no action at all",
	Remedy:    "give every container of the target a request for each resource that the autoscaler looks at",
	Reference: scaling + "#how-does-a-horizontalpodautoscaler-work",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("HorizontalPodAutoscaler"), func(scaler pack.Object) {
			metrics := scaler.At("spec", "metrics")
			if len(metrics.Items()) == 0 {
				r.Violated(scaler, metrics, "names nothing to scale by")
			}
			if target, found := pack.First(s.Kinds(kept...), func(o pack.Object) bool { return scales(scaler, o) }); found {
				pack.Each(r, scaler, metrics.Items(), func(metric pack.Value) { measured(r, target, metric) })
			}
		})
	},
}

// measured judges one metric that is a share of what containers request.
func measured(r *pack.Report, target pack.Object, metric pack.Value) {
	source := metric.At("resource")
	if metric.At("type").Is("ContainerResource") {
		source = metric.At("containerResource")
	}
	if !source.At("target", "type").Is("Utilization") {
		return
	}
	name, only := source.At("name").Text(), source.At("container").Text()
	pod, _ := target.Pod()
	pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
		if c.Init && !c.At("restartPolicy").Is("Always") || only != "" && c.Name() != only {
			return
		}
		request := c.At("resources", "requests", name)
		if !request.Set() && !c.At("resources", "limits", name).Set() { // a limit alone is the request, too
			r.Violated(c, request, "is not set, and the autoscaler asks for a share of it")
		}
	})
}
