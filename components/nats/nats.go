// Package nats is Edd Cloud's message bus: one server or a cluster, and its
// streams.
package nats

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/claim"
	"platform/components/object"
	"platform/components/workload"
	"platform/config"
)

const (
	headlessName = "nats-headless"
	claimName    = "nats-data"
	routePort    = 6222 // between servers
	userID       = 1000 // any would do: the image names none
)

// NATS is the message bus with its streams.
//
// One replica is a Deployment whose streams lie on the claim nats-data. Three
// or more are a cluster: a StatefulSet with a node and a claim for each, which
// carries the loss of less than half. The Deployment then stays without a pod,
// and so do its claim and the streams on it.
//
// A cluster begins with no stream. It takes none over from a single server:
// started on its files, NATS 2.10 deletes them as orphans, hence the claims of
// its own. What has to survive is saved with the nats command's backup before,
// and restored after.
type NATS struct {
	pulumi.ResourceState
	Ready []pulumi.Resource // the bus serves, and its streams are there
}

// Args shapes the bus.
type Args struct {
	config.NATS // the image is of 2.9.10 or later
	App         object.App
	Streams     []config.Stream // that are made once the bus is up
	Protect     bool            // protect claims and StatefulSet, and retain them when they are taken out of the program
}

// New registers the bus behind the Service nats, port 4222.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*NATS, error) {
	n := &NATS{}
	return object.Register(ctx, "NATS", name, n, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		server, err := args.newServer(ctx, name, child)
		if err != nil {
			return nil, err
		}
		n.Ready = []pulumi.Resource{server.Deployment}
		if args.clustered() {
			// The single server leaves its clients and its node to them first.
			set, err := args.newCluster(ctx, name, child, pulumi.DependsOn([]pulumi.Resource{server.Deployment}))
			if err != nil {
				return nil, fmt.Errorf("cluster: %w", err)
			}
			n.Ready = append(n.Ready, set)
		}
		if len(args.Streams) > 0 {
			streams, err := args.newStreams(ctx, child, pulumi.DependsOn(n.Ready))
			if err != nil {
				return nil, fmt.Errorf("streams: %w", err)
			}
			n.Ready = append(n.Ready, streams)
		}
		return nil, nil
	})
}

func (a Args) clustered() bool { return a.Replicas > 1 }

// newServer makes the single server, its claim and the Service, which leads to
// a cluster's servers as well: they carry the same labels.
func (a Args) newServer(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*workload.Workload, error) {
	files := map[string]string{configFile: a.conf()}
	configMap, err := object.NewConfigMap(ctx, name, a.App.Unnamed(config.NATSName), files, child)
	if err != nil {
		return nil, err
	}
	bound, err := claim.New(ctx, name, a.claim(), child)
	if err != nil {
		return nil, err
	}
	server := a.workload(configMap.Metadata.Name().Elem(), bound)
	server.Pod.Revision = object.Revision(files, nil)
	return workload.New(ctx, name, server, child)
}

func (a Args) claim() claim.Args {
	return claim.Args{
		App: a.App, Component: config.NATSName, Name: claimName,
		StorageGiB: a.StorageGiB, StorageClass: a.StorageClass, Protect: a.Protect,
	}
}
