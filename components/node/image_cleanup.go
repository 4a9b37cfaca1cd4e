// Package node looks after the nodes.
package node

import (
	_ "embed"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// ImageCleanup removes from every node, the control plane's included, the
// images that no container uses: one Job a run, with a pod for each node.
//
// A pod whose node is down, or that finds no node, waits until the run's
// deadline, and the run has failed. A node without room for its pod, or one
// that [ImageCleanupArgs.Nodes] does not count, is left out.
type ImageCleanup struct {
	pulumi.ResourceState
}

// ImageCleanupArgs shapes the clean-up.
type ImageCleanupArgs struct {
	config.ImageCleanup // the image needs sh, chroot and sleep
	App                 object.App
	Nodes               int // of the cluster, all of them
}

// pruneScript enters the node by the root of its first process, which a pod
// sees that shares the node's processes: the node's own crictl fits its
// container runtime, and no folder of the node has to be mounted.
//
// Its end waits for the scheduler. A pod that is done no longer keeps the
// next away from its node: were one done before all are placed, the last
// could follow it there, and another node would be left out.
//
//go:embed prune-images.sh
var pruneScript string

// cleanupDeadline ends a run, its retries included. To delete gigabytes takes
// minutes on the card of a small node.
const cleanupDeadline = 3600 // seconds

// cleanupRetries are those of all nodes together.
const cleanupRetries = 6

// NewImageCleanup registers the clean-up.
func NewImageCleanup(ctx *pulumi.Context, name string, args ImageCleanupArgs, opts ...pulumi.ResourceOption) (*ImageCleanup, error) {
	return object.Register(ctx, "ImageCleanup", name, &ImageCleanup{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		return nil, workload.NewCronJob(ctx, name, workload.CronJobArgs{
			App: args.App, Component: config.ImageCleanupName, Schedule: args.Schedule,
			DeadlineSeconds: cleanupDeadline, Retries: cleanupRetries, Pod: args.pod(), Pods: args.Nodes,
		}, child)
	})
}

// pod is retried where it is: a new one in its place could go to a node that
// is clean already, and the run would pass without the one that failed.
func (a ImageCleanupArgs) pod() pod.Pod {
	return pod.Pod{
		Containers: []pod.Container{{
			Name: config.ImageCleanupName, Image: a.Image, Resources: a.Resources,
			Command: []string{"sh", "-c", pruneScript},
		}},
		Apart:       true,
		Tolerations: []config.Toleration{{}}, // of every taint there is or will be
		Exempt: pod.Exemption{
			Root: true, Privileged: true,
			Reason: "removes images from the node's container runtime, which obeys root of the node alone",
		},
		Restart: "OnFailure",
	}
}
