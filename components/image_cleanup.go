package components

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeImageCleanup = "platform:components:ImageCleanup" // the state remembers it: change it only with an alias

// ImageCleanupName is the CronJob's.
const ImageCleanupName = "image-cleanup"

// ImageCleanup removes from every node, the control plane's included, the
// images that no container uses: one Job a run, with a pod for each node.
//
// A pod whose node is down, or that finds no node, waits until the run's
// deadline, and the run has failed. A node without room for its pod, or one
// that [ImageCleanupArgs.Nodes] does not count, is left out.
type ImageCleanup struct {
	pulumi.ResourceState
}

// ImageCleanupArgs shapes the clean-up. Nothing has a default.
type ImageCleanupArgs struct {
	App       App
	Image     string    // repository:tag, with sh, chroot and sleep; never latest
	Schedule  string    // five cron fields, UTC
	Nodes     int       // of the cluster, all of them
	Resources Resources // of each pod
	Exempt    Exemption // Root and Privileged: a node's container runtime obeys nobody else
}

// Validate returns every fault at once.
func (a ImageCleanupArgs) Validate() error {
	faults := []error{required("schedule", a.Schedule), a.pod().Validate()}
	if a.Nodes < 1 {
		faults = append(faults, fmt.Errorf("nodes: %d would clean nothing; set the number of nodes", a.Nodes))
	}
	if !a.Exempt.Privileged {
		faults = append(faults, errors.New("exempt: lacks privileged, and the node's container runtime obeys its root alone; allow it"))
	}
	return errors.Join(faults...)
}

// pruneScript enters the node by the root of its first process, which a pod
// sees that shares the node's processes: the node's own crictl fits its
// container runtime, and no folder of the node has to be mounted.
//
// Its end waits for the scheduler. A pod that is done no longer keeps the
// next away from its node: were one done before all are placed, the last
// could follow it there, and another node would be left out.
const pruneScript = `set -eu
chroot /proc/1/root crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock rmi --prune
sleep 30
`

// cleanupDeadline ends a run, its retries included. To delete gigabytes takes
// minutes on the card of a small node.
const cleanupDeadline = 3600 // seconds

// cleanupRetries are those of all nodes together.
const cleanupRetries = 6

// NewImageCleanup registers the clean-up.
func NewImageCleanup(ctx *pulumi.Context, name string, args ImageCleanupArgs, opts ...pulumi.ResourceOption) error {
	if err := join("image cleanup", name, args.Validate()); err != nil {
		return err
	}
	c := &ImageCleanup{}
	if err := ctx.RegisterComponentResource(typeImageCleanup, name, c, opts...); err != nil {
		return fmt.Errorf("register image cleanup %q: %w", name, err)
	}
	err := newCronJob(ctx, name, cronJobArgs{
		app: args.App, component: ImageCleanupName, schedule: args.Schedule,
		deadlineSeconds: cleanupDeadline, retries: cleanupRetries, pod: args.pod(), pods: args.Nodes,
	}, pulumi.Parent(c))
	if err != nil {
		return fmt.Errorf("image cleanup %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{}); err != nil {
		return fmt.Errorf("image cleanup %q outputs: %w", name, err)
	}
	return nil
}

// pod is retried where it is: a new one in its place could go to a node that
// is clean already, and the run would pass without the one that failed.
func (a ImageCleanupArgs) pod() Pod {
	return Pod{
		Containers: []Container{{
			Name: ImageCleanupName, Image: a.Image, Resources: a.Resources,
			Command: []string{"sh", "-c", pruneScript},
		}},
		Apart:       true,
		Tolerations: []Toleration{{}}, // of every taint there is or will be
		Exempt:      a.Exempt,
		Restart:     "OnFailure",
	}
}
