package service

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// HeadlessArgs shapes the Service that a StatefulSet names its pods under.
type HeadlessArgs struct {
	App       object.App
	Component string
	Name      string
	Port      string // name of the container's port
	Number    int    // of the same
	NotReady  bool   // pods have their names before they are ready
}

// NewHeadless registers the Service and returns its name.
func NewHeadless(ctx *pulumi.Context, name string, args HeadlessArgs, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	meta := args.App.Named(args.Component, args.Name)
	meta.Annotations = object.Annotated(meta.Annotations, object.SkipAwait, "true")
	spec := corev1.ServiceSpecArgs{
		ClusterIP: pulumi.String("None"),
		Selector:  pulumi.ToStringMap(args.App.Selector(args.Component)),
		Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
			Name: pulumi.String(args.Port), Port: pulumi.Int(args.Number), TargetPort: pulumi.String(args.Port),
		}},
	}
	if args.NotReady {
		spec.PublishNotReadyAddresses = pulumi.Bool(true)
	}
	service, err := corev1.NewService(ctx, name+"-headless", &corev1.ServiceArgs{Metadata: meta, Spec: spec}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("headless service: %w", err)
	}
	args.App.Made.AddService(args.Name)
	return service.Metadata.Name().Elem(), nil
}
