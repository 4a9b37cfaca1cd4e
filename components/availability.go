package components

import (
	"errors"
	"fmt"

	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Autoscaling bounds the number of pods and says what drives it.
type Autoscaling struct {
	Name          string // of the HorizontalPodAutoscaler; empty lets Pulumi choose
	MinReplicas   int
	MaxReplicas   int
	CPUPercent    int // of the request, averaged over pods; 0 means not looked at
	MemoryPercent int // of the request, averaged over pods; 0 means not looked at
	// Rendered is for manifests that something else applies, which knows nothing
	// of a field that it is to leave alone: it must not have it.
	Rendered bool
}

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

// Validate returns every fault at once.
func (a Autoscaling) Validate() error {
	var faults []error
	if a.MinReplicas < 1 {
		faults = append(faults, fmt.Errorf("autoscaling: minReplicas %d would run nothing; set 1 or more", a.MinReplicas))
	}
	if a.MaxReplicas < a.MinReplicas {
		faults = append(faults, fmt.Errorf("autoscaling: minReplicas %d is over maxReplicas %d; swap or raise them", a.MinReplicas, a.MaxReplicas))
	}
	if min(a.CPUPercent, a.MemoryPercent) < 0 {
		faults = append(faults, fmt.Errorf("autoscaling: cpuPercent %d, memoryPercent %d: none can be below 0; set 0 to leave one out", a.CPUPercent, a.MemoryPercent))
	}
	if a.CPUPercent == 0 && a.MemoryPercent == 0 {
		faults = append(faults, errors.New("autoscaling: neither cpuPercent nor memoryPercent is set; set one"))
	}
	return errors.Join(faults...)
}

func newAutoscaler(ctx *pulumi.Context, name string, app App, component string, args Autoscaling, opts ...pulumi.ResourceOption) error {
	meta := app.unnamed(component)
	if args.Name != "" {
		meta = app.named(component, args.Name)
	}
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(ctx, name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: meta,
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: pulumi.String(component),
			},
			MinReplicas: pulumi.Int(args.MinReplicas),
			MaxReplicas: pulumi.Int(args.MaxReplicas),
			Metrics:     args.metrics(),
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("autoscaler: %w", err)
	}
	return nil
}

func (a Autoscaling) metrics() autoscalingv2.MetricSpecArray {
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
func newDisruptionBudget(ctx *pulumi.Context, name string, app App, component string, opts ...pulumi.ResourceOption) error {
	return newBudget(ctx, name, app, component, policyv1.PodDisruptionBudgetSpecArgs{
		MinAvailable: pulumi.Int(1), UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
	}, opts...)
}

// newQuorumBudget lets one pod go at a time, for pods of which more than half
// must agree. One that is not ready may be what makes them more than half, so
// with two of them no drain takes either.
func newQuorumBudget(ctx *pulumi.Context, name string, app App, component string, opts ...pulumi.ResourceOption) error {
	return newBudget(ctx, name, app, component, policyv1.PodDisruptionBudgetSpecArgs{
		MaxUnavailable: pulumi.Int(1), UnhealthyPodEvictionPolicy: pulumi.String("IfHealthyBudget"),
	}, opts...)
}

func newBudget(ctx *pulumi.Context, name string, app App, component string, spec policyv1.PodDisruptionBudgetSpecArgs, opts ...pulumi.ResourceOption) error {
	spec.Selector = selector(app.Selector(component))
	_, err := policyv1.NewPodDisruptionBudget(ctx, name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: app.unnamed(component), Spec: spec,
	}, opts...)
	if err != nil {
		return fmt.Errorf("disruption budget: %w", err)
	}
	return nil
}
