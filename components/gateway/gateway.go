// Package gateway is the way in to Edd Cloud.
package gateway

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

const (
	routesName = "gateway-routes"  // ConfigMap: operators look for it by name
	sshKeyName = "gateway-ssh-key" // Secret that it makes itself and keeps its host key in
	userID     = 65532             // any would do: its ports are over 1024, and it writes to /tmp alone
)

// Gateway is the way into Edd Cloud: SSH, HTTP and HTTPS at one address, and
// the ports that lead through to users' containers.
type Gateway struct {
	pulumi.ResourceState
	Address pulumi.StringOutput `pulumi:"address"` // of its Service, as the cluster has given it
}

// Args shapes the gateway.
type Args struct {
	config.Gateway
	App        object.App
	AllRoutes  []config.Route // all of them, those that services ask for included
	PullSecret string
	TLSSecret  string            // with tls.crt and tls.key; a renewal reaches running pods
	Secrets    pulumi.StringMap  // what its environment reads, so that a change of it rolls the pods
	Pools      []pulumi.Resource // that its address comes from
	Protect    bool              // refuse to delete the Service, and with it the address
}

// New registers the gateway behind the Service gateway.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Gateway, error) {
	g := &Gateway{}
	return object.Register(ctx, "Gateway", name, g, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		deployment := args.workload()
		routes, err := args.newRoutes(ctx, name, &deployment.Pod, child)
		if err != nil {
			return nil, fmt.Errorf("routes: %w", err)
		}
		// A pod that starts before changed routes are there would keep the old ones.
		made, err := workload.New(ctx, name, deployment, child, pulumi.DependsOn([]pulumi.Resource{routes}))
		if err != nil {
			return nil, err
		}
		g.Address = service.AddressOf(made.Service)
		return pulumi.Map{"address": g.Address}, nil
	})
}

// newRoutes registers the file of the routes, and puts it into the pods'
// revision: the kubelet never updates a single file that is mounted.
func (a Args) newRoutes(ctx *pulumi.Context, name string, pod *pod.Pod, child pulumi.ResourceOption) (pulumi.Resource, error) {
	content, err := routesFile(a.AllRoutes)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"routes.yaml": content}
	pod.Revision = object.Revision(files, a.Secrets)
	return object.NewConfigMap(ctx, name, a.App.Named(config.GatewayName, routesName), files, child)
}

func (a Args) workload() workload.Args {
	return workload.Args{
		App: a.App, Component: config.GatewayName, Replicas: a.Replicas, Service: config.GatewayName,
		Expose: &service.LoadBalancer{Address: a.Address, Through: a.ComputePorts, Pools: a.Pools, Protect: a.Protect},
		Access: a.access(),
		Pod: pod.Pod{
			Containers:   []pod.Container{a.server()},
			User:         userID,
			NodeSelector: a.NodeSelector,
			PullSecret:   a.PullSecret,
		},
	}
}
