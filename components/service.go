package components

import (
	"fmt"
	"net/netip"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// skipAwait tells the provider not to wait for an object. A Service's wait
// costs 10 s until its endpoints settle, and ours all stand before a workload
// whose pods are awaited.
const skipAwait = "pulumi.com/skipAwait"

// waitFor tells the provider what to wait for in the place of its own rules.
const waitFor = "pulumi.com/waitFor"

// addressTimeout bounds the wait for an address, which MetalLB gives within a
// second or, where another Service has it, never.
const addressTimeout = "2m"

// drainSeconds is about how long it takes until every node and the ingress
// controller know that a pod is going.
const drainSeconds = 5

// LoadBalancer has a Service reachable from outside at one address.
type LoadBalancer struct {
	Address netip.Addr        // from a pool of MetalLB
	Through config.PortRange  // beside the container's ports: each leads to the same number; zero means none
	Pools   []pulumi.Resource // that the address comes from
	Protect bool              // refuse to delete it, and with it the address
}

// portsThrough are named by their number: a name has to be unique, and short enough
// for a DNS label.
func portsThrough(r config.PortRange) corev1.ServicePortArray {
	var ports corev1.ServicePortArray
	for number := r.First; number != 0 && number <= r.Last; number++ {
		ports = append(ports, corev1.ServicePortArgs{
			Name: pulumi.String(fmt.Sprintf("port-%d", number)), Port: pulumi.Int(number),
			TargetPort: pulumi.Int(number), Protocol: pulumi.String("TCP"),
		})
	}
	return ports
}

type serviceArgs struct {
	app          App
	component    string
	name         string // fixed: it is the DNS name that clients use
	ports        []Port
	loadBalancer *LoadBalancer // nil means reachable inside only, but for ports with a Node number
}

func newService(ctx *pulumi.Context, name string, args serviceArgs, opts ...pulumi.ResourceOption) (*corev1.Service, error) {
	meta := args.app.named(args.component, args.name)
	spec := corev1.ServiceSpecArgs{
		Type:     pulumi.String(args.kind()),
		Selector: pulumi.ToStringMap(args.app.Selector(args.component)),
		Ports:    args.servicePorts(),
	}
	if args.loadBalancer != nil {
		opts = append(opts, args.loadBalancer.expose(meta, &spec)...)
	} else {
		meta.Annotations = annotated(meta.Annotations, skipAwait, "true")
	}
	service, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{Metadata: meta, Spec: spec}, opts...)
	if err != nil {
		return nil, fmt.Errorf("service %q: %w", args.name, err)
	}
	args.app.Made.service(args.name)
	return service, nil
}

// addressOf is the address of a Service as its status has it; empty until the
// cluster has given it one.
func addressOf(service *corev1.Service) pulumi.StringOutput {
	return service.Status.ApplyT(func(status *corev1.ServiceStatus) string {
		if status == nil || status.LoadBalancer == nil {
			return ""
		}
		for _, one := range status.LoadBalancer.Ingress {
			if one.Ip != nil {
				return *one.Ip
			}
		}
		return ""
	}).(pulumi.StringOutput)
}

// expose asks for the address. No node ports are allocated: 1,000 of the 2,768
// that a cluster has would go to the compute ports, and MetalLB needs none.
// Traffic stays on the node that it arrives at, so the client's address stays
// what it was.
func (l LoadBalancer) expose(meta *metav1.ObjectMetaArgs, spec *corev1.ServiceSpecArgs) []pulumi.ResourceOption {
	meta.Annotations = annotated(meta.Annotations, "metallb.io/loadBalancerIPs", l.Address.String())
	meta.Annotations = annotated(meta.Annotations, waitFor, fmt.Sprintf("jsonpath={.status.loadBalancer.ingress[0].ip}=%s", l.Address))
	spec.AllocateLoadBalancerNodePorts = pulumi.Bool(false)
	spec.ExternalTrafficPolicy = pulumi.String("Local")
	return []pulumi.ResourceOption{
		pulumi.DependsOn(l.Pools), // before them nobody gives the address, and the wait for it might run out
		pulumi.Protect(l.Protect), pulumi.RetainOnDelete(l.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: addressTimeout, Update: addressTimeout}),
	}
}

func (s serviceArgs) kind() string {
	if s.loadBalancer != nil {
		return "LoadBalancer"
	}
	for _, port := range s.ports {
		if port.Node != 0 {
			return "NodePort"
		}
	}
	return "ClusterIP"
}

func (s serviceArgs) servicePorts() corev1.ServicePortArray {
	var ports corev1.ServicePortArray
	for _, port := range s.ports {
		one := corev1.ServicePortArgs{
			Name: pulumi.String(port.Name), Port: pulumi.Int(port.Service),
			TargetPort: pulumi.String(port.Name), Protocol: port.protocol(),
		}
		if port.Node != 0 {
			one.NodePort = pulumi.Int(port.Node)
		}
		ports = append(ports, one)
	}
	if s.loadBalancer != nil {
		ports = append(ports, portsThrough(s.loadBalancer.Through)...)
	}
	return ports
}
