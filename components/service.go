package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// skipAwait tells the provider not to wait for an object. A Service's wait
// costs 10 s until its endpoints settle, and ours all stand before a workload
// whose pods are awaited.
const skipAwait = "pulumi.com/skipAwait"

// drainSeconds is about how long it takes until every node and the ingress
// controller know that a pod is going.
const drainSeconds = 5

type serviceArgs struct {
	app       App
	component string
	name      string // fixed: it is the DNS name that clients use
	ports     []Port
}

func newService(ctx *pulumi.Context, name string, args serviceArgs, opts ...pulumi.ResourceOption) error {
	meta := args.app.named(args.component, args.name)
	meta.Annotations = pulumi.StringMap{skipAwait: pulumi.String("true")}
	var ports corev1.ServicePortArray
	for _, port := range args.ports {
		ports = append(ports, corev1.ServicePortArgs{
			Name:       pulumi.String(port.Name),
			Port:       pulumi.Int(port.Service),
			TargetPort: pulumi.String(port.Name),
			Protocol:   port.protocol(),
		})
	}
	_, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: meta,
		Spec: corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: pulumi.ToStringMap(args.app.Selector(args.component)),
			Ports:    ports,
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("service %q: %w", args.name, err)
	}
	return nil
}
