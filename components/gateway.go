package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

const (
	gatewayRoutes = "gateway-routes"  // ConfigMap: operators look for it by name
	gatewaySSHKey = "gateway-ssh-key" // Secret that it makes itself and keeps its host key in
	gatewayUser   = 65532             // any would do: its ports are over 1024, and it writes to /tmp alone
)

// Gateway is the way into Edd Cloud: SSH, HTTP and HTTPS at one address, and
// the ports that lead through to users' containers.
type Gateway struct {
	pulumi.ResourceState
	Address pulumi.StringOutput `pulumi:"address"` // of its Service, as the cluster has given it
}

// GatewayArgs shapes the gateway.
type GatewayArgs struct {
	config.Gateway
	App        App
	AllRoutes  []config.Route // all of them, those that services ask for included
	PullSecret string
	TLSSecret  string            // with tls.crt and tls.key; a renewal reaches running pods
	Secrets    pulumi.StringMap  // what its environment reads, so that a change of it rolls the pods
	Pools      []pulumi.Resource // that its address comes from
	Protect    bool              // refuse to delete the Service, and with it the address
}

// NewGateway registers the gateway behind the Service gateway.
func NewGateway(ctx *pulumi.Context, name string, args GatewayArgs, opts ...pulumi.ResourceOption) (*Gateway, error) {
	g := &Gateway{}
	return register(ctx, "Gateway", name, g, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		workload := args.workload()
		routes, err := args.newRoutes(ctx, name, &workload.Pod, child)
		if err != nil {
			return nil, fmt.Errorf("routes: %w", err)
		}
		// A pod that starts before changed routes are there would keep the old ones.
		made, err := NewWorkload(ctx, name, workload, child, pulumi.DependsOn([]pulumi.Resource{routes}))
		if err != nil {
			return nil, err
		}
		g.Address = addressOf(made.Service)
		return pulumi.Map{"address": g.Address}, nil
	})
}

// newRoutes registers the file of the routes, and puts it into the pods'
// revision: the kubelet never updates a single file that is mounted.
func (a GatewayArgs) newRoutes(ctx *pulumi.Context, name string, pod *Pod, child pulumi.ResourceOption) (pulumi.Resource, error) {
	content, err := routesFile(a.AllRoutes)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"routes.yaml": content}
	pod.Revision = Revision(files, a.Secrets)
	return newConfigMap(ctx, name, a.App.named(config.GatewayName, gatewayRoutes), files, child)
}

func (a GatewayArgs) workload() WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: config.GatewayName, Replicas: a.Replicas, Service: config.GatewayName,
		Expose: &LoadBalancer{Address: a.Address, Through: a.ComputePorts, Pools: a.Pools, Protect: a.Protect},
		Access: a.access(),
		Pod: Pod{
			Containers:   []Container{a.server()},
			User:         gatewayUser,
			NodeSelector: a.NodeSelector,
			PullSecret:   a.PullSecret,
		},
	}
}
