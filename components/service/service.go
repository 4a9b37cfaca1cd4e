// Package service gives pods a name and, where asked for, an address.
package service

import (
	"fmt"
	"net/netip"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/config"
)

// addressTimeout bounds the wait for an address, which MetalLB gives within a
// second or, where another Service has it, never.
const addressTimeout = "2m"

// DrainSeconds is about how long it takes until every node and the ingress
// controller know that a pod is going.
const DrainSeconds = 5

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

// Args shapes a Service. App, Component, Name and Ports have no default.
type Args struct {
	App          object.App
	Component    string
	Name         string // fixed: it is the DNS name that clients use
	Ports        []pod.Port
	LoadBalancer *LoadBalancer // nil means reachable inside only, but for ports with a Node number
}

// New registers a Service in front of the pods of a component.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*corev1.Service, error) {
	meta := args.App.Named(args.Component, args.Name)
	spec := corev1.ServiceSpecArgs{
		Type:     pulumi.String(args.kind()),
		Selector: pulumi.ToStringMap(args.App.Selector(args.Component)),
		Ports:    args.servicePorts(),
	}
	if args.LoadBalancer != nil {
		opts = append(opts, args.LoadBalancer.expose(meta, &spec)...)
	} else {
		meta.Annotations = object.Annotated(meta.Annotations, object.SkipAwait, "true")
	}
	service, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{Metadata: meta, Spec: spec}, opts...)
	if err != nil {
		return nil, fmt.Errorf("service %q: %w", args.Name, err)
	}
	args.App.Made.AddService(args.Name)
	return service, nil
}

// AddressOf is the address of a Service as its status has it; empty until the
// cluster has given it one.
func AddressOf(service *corev1.Service) pulumi.StringOutput {
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
	meta.Annotations = object.Annotated(meta.Annotations, "metallb.io/loadBalancerIPs", l.Address.String())
	meta.Annotations = object.Annotated(meta.Annotations, object.WaitFor, fmt.Sprintf("jsonpath={.status.loadBalancer.ingress[0].ip}=%s", l.Address))
	spec.AllocateLoadBalancerNodePorts = pulumi.Bool(false)
	spec.ExternalTrafficPolicy = pulumi.String("Local")
	return []pulumi.ResourceOption{
		pulumi.DependsOn(l.Pools), // before them nobody gives the address, and the wait for it might run out
		pulumi.Protect(l.Protect), pulumi.RetainOnDelete(l.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: addressTimeout, Update: addressTimeout}),
	}
}

func (s Args) kind() string {
	if s.LoadBalancer != nil {
		return "LoadBalancer"
	}
	for _, port := range s.Ports {
		if port.Node != 0 {
			return "NodePort"
		}
	}
	return "ClusterIP"
}

func (s Args) servicePorts() corev1.ServicePortArray {
	var ports corev1.ServicePortArray
	for _, port := range s.Ports {
		one := corev1.ServicePortArgs{
			Name: pulumi.String(port.Name), Port: pulumi.Int(port.Service),
			TargetPort: pulumi.String(port.Name), Protocol: port.Protocol(),
		}
		if port.Node != 0 {
			one.NodePort = pulumi.Int(port.Node)
		}
		ports = append(ports, one)
	}
	if s.LoadBalancer != nil {
		ports = append(ports, portsThrough(s.LoadBalancer.Through)...)
	}
	return ports
}
