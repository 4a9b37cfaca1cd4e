package components

import (
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeNATS = "platform:components:NATS" // the state remembers it: change it only with an alias

// NATS' names and ports, as the seed has them.
const (
	NATSName        = "nats" // of its Deployment, StatefulSet and Service
	NATSPort        = 4222
	NATSMonitorPort = 8222

	natsHeadless  = "nats-headless"
	natsClaim     = "nats-data"
	natsRoutePort = 6222 // between servers
	natsUser      = 1000 // any would do: the image names none
)

// The bounds of [NATSArgs.LameDuck]. The server refuses less than the first;
// above the second, a rollout would time out before the next server is up.
const (
	shortestLameDuck = 30 * time.Second
	longestLameDuck  = 5 * time.Minute
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

// NATSArgs shapes the bus. Only NodeSelector, Streams and Exempt may be empty.
type NATSArgs struct {
	App          App
	Image        string // repository:tag, 2.9.10 or later; never latest
	Replicas     int    // 1, or an odd number from 3 on for a cluster
	NodeSelector map[string]string
	Resources    Resources // of each server
	StorageGiB   int       // of each server's claim
	StorageClass string
	MemoryMiB    int           // that streams in memory may fill, of each server
	FileMiB      int           // that streams in files may reserve, of each server; at least what Streams do
	Streams      []Stream      // that are made once the bus is up
	LameDuck     time.Duration // over which a cluster's server sends its clients to the others at a stop, 30 s to 5 min
	Exempt       Exemption     // Root where the files on the claim are root's
	Protect      bool          // protect claims and StatefulSet, and retain them when they are taken out of the program
}

// Validate returns every fault at once.
func (a NATSArgs) Validate() error {
	faults := []error{a.workload(nil, nil).Validate(), a.claim().Validate()}
	if a.Replicas < 1 {
		faults = append(faults, fmt.Errorf("replicas: %d would run nothing; set 1 or more", a.Replicas))
	} else if a.Replicas%2 == 0 {
		faults = append(faults, fmt.Errorf("replicas: %d bear the loss of no more than %d do; set an odd number", a.Replicas, a.Replicas-1))
	}
	if most := a.goMemoryMiB(); a.MemoryMiB < 1 || a.MemoryMiB > most {
		faults = append(faults, fmt.Errorf("memoryMiB: %d is not between 1 and %d, nine tenths of the memory limit; the server would be killed before it refuses messages; lower it", a.MemoryMiB, most))
	}
	faults = append(faults, a.validateStreams())
	if a.LameDuck < shortestLameDuck || a.LameDuck > longestLameDuck {
		faults = append(faults, fmt.Errorf("lameDuck: %s is not from %s to %s; choose a time between", a.LameDuck, shortestLameDuck, longestLameDuck))
	}
	return errors.Join(faults...)
}

// NewNATS registers the bus behind the Service nats, port 4222. Its servers
// start after the resources that they need.
func NewNATS(ctx *pulumi.Context, name string, args NATSArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*NATS, error) {
	if err := join("nats", name, args.Validate()); err != nil {
		return nil, err
	}
	n := &NATS{}
	if err := ctx.RegisterComponentResource(typeNATS, name, n, opts...); err != nil {
		return nil, fmt.Errorf("register nats %q: %w", name, err)
	}
	server, err := args.register(ctx, name, after, pulumi.Parent(n))
	if err != nil {
		return nil, fmt.Errorf("nats %q: %w", name, err)
	}
	n.Ready = []pulumi.Resource{server.Deployment}
	if args.clustered() {
		// The single server leaves its clients and its node to them first.
		set, err := args.newCluster(ctx, name, append(slices.Clone(after), server.Deployment), pulumi.Parent(n))
		if err != nil {
			return nil, fmt.Errorf("nats %q cluster: %w", name, err)
		}
		n.Ready = append(n.Ready, set)
	}
	if len(args.Streams) > 0 {
		streams, err := args.newStreams(ctx, n.Ready, pulumi.Parent(n))
		if err != nil {
			return nil, fmt.Errorf("nats %q streams: %w", name, err)
		}
		n.Ready = append(n.Ready, streams)
	}
	if err := ctx.RegisterResourceOutputs(n, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("nats %q outputs: %w", name, err)
	}
	return n, nil
}

func (a NATSArgs) clustered() bool { return a.Replicas > 1 }

// register makes the single server, its claim and the Service, which leads to
// a cluster's servers as well: they carry the same labels.
func (a NATSArgs) register(ctx *pulumi.Context, name string, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*Workload, error) {
	files := map[string]string{natsFile: a.conf()}
	config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: a.App.unnamed(NATSName), Data: pulumi.ToStringMap(files),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map: %w", err)
	}
	claim, err := newClaim(ctx, name, a.claim(), opts...)
	if err != nil {
		return nil, err
	}
	workload := a.workload(config.Metadata.Name().Elem(), claim)
	workload.Pod.Revision = Revision(files, nil)
	return NewWorkload(ctx, name, workload, after, opts...)
}

func (a NATSArgs) claim() claimArgs {
	return claimArgs{
		app: a.App, component: NATSName, name: natsClaim,
		storageGiB: a.StorageGiB, storageClass: a.StorageClass, protect: a.Protect,
	}
}
