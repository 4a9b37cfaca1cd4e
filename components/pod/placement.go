package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// spread keeps the pods of a component on different nodes while there are any;
// a node that is down must not keep the others from starting.
func (p Pod) spread(app object.App, component string) corev1.TopologySpreadConstraintArray {
	if !p.Spread {
		return nil
	}
	return corev1.TopologySpreadConstraintArray{corev1.TopologySpreadConstraintArgs{
		MaxSkew:           pulumi.Int(1),
		TopologyKey:       pulumi.String("kubernetes.io/hostname"),
		WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
		LabelSelector:     object.LabelSelector(app.Selector(component)),
	}}
}

// affinity forbids what spread would only rather not have.
func (p Pod) affinity(app object.App, component string) corev1.AffinityPtrInput {
	if !p.Apart {
		return nil
	}
	return corev1.AffinityArgs{PodAntiAffinity: corev1.PodAntiAffinityArgs{
		RequiredDuringSchedulingIgnoredDuringExecution: corev1.PodAffinityTermArray{corev1.PodAffinityTermArgs{
			TopologyKey: pulumi.String("kubernetes.io/hostname"), LabelSelector: object.LabelSelector(object.Merged(app.Selector(component), p.Labels)),
		}},
	}}
}

func (p Pod) tolerations() corev1.TolerationArray {
	var args corev1.TolerationArray
	for _, t := range p.Tolerations {
		one := corev1.TolerationArgs{Operator: pulumi.String("Exists")}
		if t.Key != "" {
			one.Key = pulumi.String(t.Key)
		}
		if t.Effect != "" {
			one.Effect = pulumi.String(t.Effect)
		}
		args = append(args, one)
	}
	return args
}

func selectorOrNil(labels map[string]string) pulumi.StringMapInput {
	if len(labels) == 0 {
		return nil
	}
	return pulumi.ToStringMap(labels)
}
