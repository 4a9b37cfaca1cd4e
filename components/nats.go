package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

const (
	natsHeadless  = "nats-headless"
	natsClaim     = "nats-data"
	natsRoutePort = 6222 // between servers
	natsUser      = 1000 // any would do: the image names none
)

// NATS is the message bus with its streams.
//
// One replica is a Deployment whose streams lie on the claim nats-data. Three
// or more are a cluster: a StatefulSet with a node and a claim for each, which
// bears the loss of less than half. The Deployment then stays without a pod,
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

// NATSArgs shapes the bus.
type NATSArgs struct {
	config.NATS // the image is of 2.9.10 or later
	App         App
	Streams     []config.Stream // that are made once the bus is up
	Protect     bool            // protect claims and StatefulSet, and retain them when they are taken out of the program
}

// NewNATS registers the bus behind the Service nats, port 4222.
func NewNATS(ctx *pulumi.Context, name string, args NATSArgs, opts ...pulumi.ResourceOption) (*NATS, error) {
	n := &NATS{}
	return register(ctx, "NATS", name, n, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
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

func (a NATSArgs) clustered() bool { return a.Replicas > 1 }

// newServer makes the single server, its claim and the Service, which leads to
// a cluster's servers as well: they carry the same labels.
func (a NATSArgs) newServer(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*Workload, error) {
	files := map[string]string{natsFile: a.conf()}
	configMap, err := newConfigMap(ctx, name, a.App.unnamed(config.NATSName), files, child)
	if err != nil {
		return nil, err
	}
	claim, err := newClaim(ctx, name, a.claim(), child)
	if err != nil {
		return nil, err
	}
	workload := a.workload(configMap.Metadata.Name().Elem(), claim)
	workload.Pod.Revision = Revision(files, nil)
	return NewWorkload(ctx, name, workload, child)
}

func (a NATSArgs) claim() claimArgs {
	return claimArgs{
		app: a.App, component: config.NATSName, name: natsClaim,
		storageGiB: a.StorageGiB, storageClass: a.StorageClass, protect: a.Protect,
	}
}
