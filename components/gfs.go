package components

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// GFS is the file system: a master that knows which chunk is where, and a
// chunkserver on each node that holds chunks.
type GFS struct {
	pulumi.ResourceState
	Master       pulumi.Resource // its Deployment
	Chunkservers pulumi.Resource // their DaemonSet
}

// GFSArgs shapes the file system.
type GFSArgs struct {
	config.GFS
	App           App
	MasterAddress string // ADDRESS:PORT of a node, and the master's node port
	PullSecret    string
	Secrets       pulumi.StringMap // what their environment reads, so that a change of it rolls the pods
	Protect       bool             // refuse to delete the chunkservers: users' files are reached through them alone
}

// NewGFS registers the file system. The chunkservers start after the master,
// where they report.
func NewGFS(ctx *pulumi.Context, name string, args GFSArgs, opts ...pulumi.ResourceOption) (*GFS, error) {
	g := &GFS{}
	return register(ctx, "GFS", name, g, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		workload, daemon := args.master(), args.chunkservers()
		workload.Pod.Revision = Revision(nil, args.Secrets)
		daemon.Pod.Revision = workload.Pod.Revision
		master, err := NewWorkload(ctx, config.GFSMasterName, workload, child)
		if err != nil {
			return nil, err
		}
		g.Master = master.Deployment
		chunkservers, err := NewDaemon(ctx, config.ChunkserverName, daemon, child, pulumi.DependsOn([]pulumi.Resource{g.Master}))
		if err != nil {
			return nil, err
		}
		g.Chunkservers = chunkservers.DaemonSet
		return nil, nil
	})
}
