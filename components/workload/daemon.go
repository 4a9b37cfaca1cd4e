package workload

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/components/pod"
)

// Daemon is a DaemonSet with its own ServiceAccount: one pod on every node
// that its selector names. An update takes one node at a time.
type Daemon struct {
	pulumi.ResourceState
	DaemonSet *appsv1.DaemonSet
}

// DaemonArgs shapes a daemon. App, Component and Pod have no default.
type DaemonArgs struct {
	App       object.App
	Component string // the DaemonSet's name and the label app
	Pod       pod.Pod
	Protect   bool // refuse to delete it: its pods serve what lies on their nodes
}

// NewDaemon registers a daemon.
func NewDaemon(ctx *pulumi.Context, name string, args DaemonArgs, opts ...pulumi.ResourceOption) (*Daemon, error) {
	d := &Daemon{}
	return object.Register(ctx, "Daemon", name, d, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		identity, err := account.New(ctx, name, args.App, args.Component, account.Access{}, child)
		if err != nil {
			return nil, err
		}
		d.DaemonSet, err = appsv1.NewDaemonSet(ctx, name, &appsv1.DaemonSetArgs{
			Metadata: args.Pod.Reloaded(args.App.Named(args.Component, args.Component)),
			Spec: appsv1.DaemonSetSpecArgs{
				Selector:             object.LabelSelector(args.App.Selector(args.Component)),
				UpdateStrategy:       oneNodeAtATime(),
				RevisionHistoryLimit: pulumi.Int(5),
				Template:             args.Pod.Template(args.App, args.Component, identity),
			},
		}, child, pulumi.Protect(args.Protect), pulumi.RetainOnDelete(args.Protect),
			pulumi.Timeouts(&pulumi.CustomTimeouts{Create: rolloutTimeout, Update: rolloutTimeout}))
		return nil, err
	})
}

// oneNodeAtATime leaves the other nodes serving. No second pod is started on a
// node first: on the node's own network it would wait for the first one's
// ports, and the first one for it (kubernetes/kubernetes#106417).
func oneNodeAtATime() appsv1.DaemonSetUpdateStrategyArgs {
	return appsv1.DaemonSetUpdateStrategyArgs{
		Type: pulumi.String("RollingUpdate"),
		RollingUpdate: appsv1.RollingUpdateDaemonSetArgs{
			MaxUnavailable: pulumi.Int(1), MaxSurge: pulumi.Int(0),
		},
	}
}
