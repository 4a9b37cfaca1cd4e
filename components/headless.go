package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// headlessArgs shapes the Service that a StatefulSet names its pods under.
type headlessArgs struct {
	app       App
	component string
	name      string
	port      string // name of the container's port
	number    int    // of the same
	notReady  bool   // pods have their names before they are ready
}

func newHeadless(ctx *pulumi.Context, name string, args headlessArgs, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	meta := args.app.named(args.component, args.name)
	meta.Annotations = annotated(meta.Annotations, skipAwait, "true")
	spec := corev1.ServiceSpecArgs{
		ClusterIP: pulumi.String("None"),
		Selector:  pulumi.ToStringMap(args.app.Selector(args.component)),
		Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
			Name: pulumi.String(args.port), Port: pulumi.Int(args.number), TargetPort: pulumi.String(args.port),
		}},
	}
	if args.notReady {
		spec.PublishNotReadyAddresses = pulumi.Bool(true)
	}
	service, err := corev1.NewService(ctx, name+"-headless", &corev1.ServiceArgs{Metadata: meta, Spec: spec}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("headless service: %w", err)
	}
	args.app.Made.service(args.name)
	return service.Metadata.Name().Elem(), nil
}
