// Package gfs is Edd Cloud's distributed file system: a master, and
// chunkservers on the nodes.
package gfs

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/workload"
	"platform/config"
)

// GFS is the file system: a master that knows which chunk is where, and a
// chunkserver on each node that holds chunks.
type GFS struct {
	pulumi.ResourceState
	Master       pulumi.Resource // its Deployment
	Chunkservers pulumi.Resource // their DaemonSet
}

// Args shapes the file system.
type Args struct {
	config.GFS
	App           object.App
	MasterAddress string // ADDRESS:PORT of a node, and the master's node port
	PullSecret    string
	Secrets       pulumi.StringMap // what their environment reads, so that a change of it rolls the pods
	Protect       bool             // refuse to delete the chunkservers: users' files are reached through them alone
}

// New registers the file system. The chunkservers start after the master,
// where they report.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*GFS, error) {
	g := &GFS{}
	return object.Register(ctx, "GFS", name, g, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		server, daemon := args.master(), args.chunkservers()
		server.Pod.Revision = object.Revision(nil, args.Secrets)
		daemon.Pod.Revision = server.Pod.Revision
		master, err := workload.New(ctx, config.GFSMasterName, server, child)
		if err != nil {
			return nil, err
		}
		g.Master = master.Deployment
		chunkservers, err := workload.NewDaemon(ctx, config.ChunkserverName, daemon, child, pulumi.DependsOn([]pulumi.Resource{g.Master}))
		if err != nil {
			return nil, err
		}
		g.Chunkservers = chunkservers.DaemonSet
		return nil, nil
	})
}
