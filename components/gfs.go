package components

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeGFS = "platform:components:GFS" // the state remembers it: change it only with an alias

// The file system's names and ports.
const (
	GFSMasterName              = "gfs-master" // of its Service too
	GFSMasterPort              = 9000
	ChunkserverName            = "gfs-chunkserver"
	ChunkserverPort            = 9080 // of its node, for clients
	ChunkserverReplicationPort = 9081 // of its node, for other chunkservers
)

// GFS is the file system: a master that knows which chunk is where, and a
// chunkserver on each node that holds chunks.
type GFS struct {
	pulumi.ResourceState
	Master       pulumi.Resource // its Deployment
	Chunkservers pulumi.Resource // their DaemonSet
}

// GFSArgs shapes the file system. Only PullSecret may be empty.
type GFSArgs struct {
	App         App
	Master      GFSMaster
	Chunkserver GFSChunkserver
	PullSecret  string
	Secrets     pulumi.StringMap // what their environment reads, so that a change of it rolls the pods
	Protect     bool             // refuse to delete the chunkservers: users' files are reached through them alone
}

// Validate returns every fault at once.
func (a GFSArgs) Validate() error {
	var faults []error
	if err := a.Master.validate(a); err != nil {
		faults = append(faults, fmt.Errorf("master: %w", err))
	}
	if err := a.Chunkserver.validate(a); err != nil {
		faults = append(faults, fmt.Errorf("chunkserver: %w", err))
	}
	return errors.Join(faults...)
}

// NewGFS registers the file system. Its pods start after the resources that
// they need, and the chunkservers after the master, where they report.
func NewGFS(ctx *pulumi.Context, name string, args GFSArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*GFS, error) {
	if err := join("gfs", name, args.Validate()); err != nil {
		return nil, err
	}
	g := &GFS{}
	if err := ctx.RegisterComponentResource(typeGFS, name, g, opts...); err != nil {
		return nil, fmt.Errorf("register gfs %q: %w", name, err)
	}
	if err := g.register(ctx, args, after, pulumi.Parent(g)); err != nil {
		return nil, fmt.Errorf("gfs %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(g, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("gfs %q outputs: %w", name, err)
	}
	return g, nil
}

func (g *GFS) register(ctx *pulumi.Context, a GFSArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	workload, daemon := a.Master.workload(a), a.Chunkserver.daemon(a)
	workload.Pod.Revision = Revision(nil, a.Secrets)
	daemon.Pod.Revision = workload.Pod.Revision
	master, err := NewWorkload(ctx, GFSMasterName, workload, after, opts...)
	if err != nil {
		return err
	}
	chunkservers, err := NewDaemon(ctx, ChunkserverName, daemon, slices.Concat(after, []pulumi.Resource{master.Deployment}), opts...)
	if err != nil {
		return err
	}
	g.Master, g.Chunkservers = master.Deployment, chunkservers.DaemonSet
	return nil
}
