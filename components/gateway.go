package components

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeGateway = "platform:components:Gateway" // the state remembers it: change it only with an alias

// The gateway's names and ports. The ports are those that it is told to
// listen on.
const (
	GatewayName      = "gateway"
	GatewaySSHPort   = 2222
	GatewayHTTPPort  = 18080
	GatewayHTTPSPort = 8443

	gatewayHealthPort = 9091
	gatewayRoutes     = "gateway-routes"  // ConfigMap: operators look for it by name
	gatewaySSHKey     = "gateway-ssh-key" // Secret that it makes itself and keeps its host key in
	gatewayUser       = 65532             // any would do: its ports are over 1024, and it writes to /tmp alone
)

// logAddress is where components of Edd Cloud send what they log.
const logAddress = "log-service:50051"

// Gateway is the way into Edd Cloud: SSH, HTTP and HTTPS at one address, and
// the ports that lead through to users' containers.
type Gateway struct {
	pulumi.ResourceState
}

// GatewayArgs shapes the gateway. Only NodeSelector, PullSecret, Through,
// Routes, KeyNamespace and Pools may be empty.
type GatewayArgs struct {
	App          App
	Image        string // repository:tag; never latest
	Replicas     int
	NodeSelector map[string]string
	Resources    Resources
	PullSecret   string
	Address      netip.Addr // of its Service, from a pool of MetalLB
	Through      PortRange  // led to the same numbers of the container
	Routes       []Route
	TLSSecret    string            // with tls.crt and tls.key; a renewal reaches running pods
	ACMEEmail    string            // of its account with the certificate authority
	KeyNamespace string            // that its image asks for the Secret of its host key in; empty means the gateway's own
	Secrets      pulumi.StringMap  // what its environment reads, so that a change of it rolls the pods
	Pools        []pulumi.Resource // that Address comes from
	Protect      bool              // refuse to delete the Service, and with it the address
}

// Validate returns every fault at once.
func (a GatewayArgs) Validate() error {
	return errors.Join(
		a.workload().Validate(), checkRoutes(a.Routes),
		required("tlsSecret", a.TLSSecret), required("acmeEmail", a.ACMEEmail),
	)
}

// NewGateway registers the gateway behind the Service gateway. Its pods start
// after the resources that they need.
func NewGateway(ctx *pulumi.Context, name string, args GatewayArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*Gateway, error) {
	if err := join("gateway", name, args.Validate()); err != nil {
		return nil, err
	}
	g := &Gateway{}
	if err := ctx.RegisterComponentResource(typeGateway, name, g, opts...); err != nil {
		return nil, fmt.Errorf("register gateway %q: %w", name, err)
	}
	workload := args.workload()
	routes, err := args.newRoutes(ctx, name, &workload.Pod, pulumi.Parent(g))
	if err != nil {
		return nil, fmt.Errorf("gateway %q routes: %w", name, err)
	}
	// A pod that starts before changed routes are there would keep the old ones.
	if _, err := NewWorkload(ctx, name, workload, slices.Concat(after, []pulumi.Resource{routes}), pulumi.Parent(g)); err != nil {
		return nil, fmt.Errorf("gateway %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(g, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("gateway %q outputs: %w", name, err)
	}
	return g, nil
}

// newRoutes registers the file of the routes, and puts it into the pods'
// revision: the kubelet never updates a single file that is mounted.
func (a GatewayArgs) newRoutes(ctx *pulumi.Context, name string, pod *Pod, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	content, err := routesFile(a.Routes)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"routes.yaml": content}
	pod.Revision = Revision(files, a.Secrets)
	return corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: a.App.named(GatewayName, gatewayRoutes), Data: pulumi.ToStringMap(files),
	}, opts...)
}

func (a GatewayArgs) workload() WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: GatewayName, Replicas: a.Replicas, Service: GatewayName,
		Expose: &LoadBalancer{Address: a.Address, Through: a.Through, Pools: a.Pools, Protect: a.Protect},
		Access: a.access(),
		Pod: Pod{
			Containers:   []Container{a.server()},
			User:         gatewayUser,
			NodeSelector: a.NodeSelector,
			PullSecret:   a.PullSecret,
		},
	}
}
