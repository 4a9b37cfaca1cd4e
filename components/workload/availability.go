package workload

import (
	"fmt"

	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

// AutoscalerSuffix ends the name of an autoscaler, after that of what it scales.
const AutoscalerSuffix = "-hpa"

// LeftAnnotation is on a Deployment whose autoscaler was taken away while it ran
// more pods than the Deployment is to have without one.
const LeftAnnotation = "platform/replicas-left"

// Left says that a number of pods stays until another one is asked for than was
// then.
type Left struct {
	Pods, Asked int
}

const leftForm = "%d in the place of %d"

// String is the value of the annotation.
func (l Left) String() string { return fmt.Sprintf(leftForm, l.Pods, l.Asked) }

// ParseLeft reads the value of the annotation; the zero Left where it is none.
func ParseLeft(text string) Left {
	var l Left
	if _, err := fmt.Sscanf(text, leftForm, &l.Pods, &l.Asked); err != nil {
		return Left{}
	}
	return l
}

func newAutoscaler(ctx *pulumi.Context, name string, app object.App, component string, scaling config.Autoscaling, opts ...pulumi.ResourceOption) error {
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(ctx, name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: app.Named(component, component+AutoscalerSuffix),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: pulumi.String(component),
			},
			MinReplicas: pulumi.Int(scaling.MinReplicas),
			MaxReplicas: pulumi.Int(scaling.MaxReplicas),
			Metrics:     utilizations(scaling),
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("autoscaler: %w", err)
	}
	return nil
}

// utilizations are the percentages that are set, of what pods request.
func utilizations(a config.Autoscaling) autoscalingv2.MetricSpecArray {
	var metrics autoscalingv2.MetricSpecArray
	for _, m := range []struct {
		resource string
		percent  int
	}{{"cpu", a.CPUPercent}, {"memory", a.MemoryPercent}} {
		if m.percent == 0 {
			continue
		}
		metrics = append(metrics, autoscalingv2.MetricSpecArgs{
			Type: pulumi.String("Resource"),
			Resource: autoscalingv2.ResourceMetricSourceArgs{
				Name: pulumi.String(m.resource),
				Target: autoscalingv2.MetricTargetArgs{
					Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(m.percent),
				},
			},
		})
	}
	return metrics
}

// newDisruptionBudget keeps one pod serving while nodes are drained. A pod
// that is not ready serves nobody, so it never holds a drain up.
func newDisruptionBudget(ctx *pulumi.Context, name string, app object.App, component string, opts ...pulumi.ResourceOption) error {
	return newBudget(ctx, name, app, component, policyv1.PodDisruptionBudgetSpecArgs{
		MinAvailable: pulumi.Int(1), UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
	}, opts...)
}

// NewQuorumBudget lets one pod go at a time, for pods of which more than half
// must agree. One that is not ready may be what makes them more than half, so
// with two of them no drain takes either.
func NewQuorumBudget(ctx *pulumi.Context, name string, app object.App, component string, opts ...pulumi.ResourceOption) error {
	return newBudget(ctx, name, app, component, policyv1.PodDisruptionBudgetSpecArgs{
		MaxUnavailable: pulumi.Int(1), UnhealthyPodEvictionPolicy: pulumi.String("IfHealthyBudget"),
	}, opts...)
}

func newBudget(ctx *pulumi.Context, name string, app object.App, component string, spec policyv1.PodDisruptionBudgetSpecArgs, opts ...pulumi.ResourceOption) error {
	spec.Selector = object.LabelSelector(app.Selector(component))
	_, err := policyv1.NewPodDisruptionBudget(ctx, name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: app.Unnamed(component), Spec: spec,
	}, opts...)
	if err != nil {
		return fmt.Errorf("disruption budget: %w", err)
	}
	return nil
}
