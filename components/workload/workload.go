// Package workload runs pods: as a Deployment, DaemonSet, Job or CronJob.
package workload

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/config"
)

// rolloutTimeout bounds the wait for a Deployment: image pull, start and
// readiness of every pod.
const rolloutTimeout = "10m"

// Workload is a Deployment with its own ServiceAccount, the Service in front
// of it, and what keeps it available: a PodDisruptionBudget from two pods on,
// a HorizontalPodAutoscaler where asked for.
type Workload struct {
	pulumi.ResourceState
	Deployment *appsv1.Deployment
	Service    *corev1.Service // nil where it has none
}

// Args shapes a workload. App, Component and Pod have no default.
type Args struct {
	App         object.App
	Component   string                // the Deployment's name and the label app, as kubectl users know it
	Pod         pod.Pod               // its first container's ports with a Service number are served
	Replicas    int                   // at least 1; ignored under Autoscaling
	Autoscaling config.Autoscaling    // off means a fixed number of replicas
	Rendered    bool                  // for manifests that something else applies, which must not have a field that it is to leave to the autoscaler
	Left        int                   // pods that an autoscaler has left, in the place of Replicas; 0 means none
	Service     string                // name of the Service; empty means none
	Expose      *service.LoadBalancer // of the Service; nil means reachable inside only
	Recreate    bool                  // stop the old pod first: for one pod with a ReadWriteOnce volume
	Off         bool                  // keep everything and run no pod
	Access      account.Access        // to the Kubernetes API; none by default
}

// least and most are the bounds of the number of pods.
func (a Args) least() int {
	if a.Autoscaling.Enabled {
		return a.Autoscaling.MinReplicas
	}
	return a.fixed()
}

func (a Args) most() int {
	if a.Autoscaling.Enabled {
		return a.Autoscaling.MaxReplicas
	}
	return a.fixed()
}

// fixed is the number of pods without an autoscaler.
func (a Args) fixed() int {
	if a.Left > 0 {
		return a.Left
	}
	return a.Replicas
}

func (a Args) served() []pod.Port {
	var served []pod.Port
	if len(a.Pod.Containers) == 0 {
		return nil
	}
	for _, port := range a.Pod.Containers[0].Ports {
		if port.Service != 0 {
			served = append(served, port)
		}
	}
	return served
}

// New registers a workload.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Workload, error) {
	w := &Workload{}
	return object.Register(ctx, "Workload", name, w, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		identity, err := account.New(ctx, name, args.App, args.Component, args.Access, child)
		if err != nil {
			return nil, err
		}
		if w.Deployment, err = args.newDeployment(ctx, name, identity, child); err != nil {
			return nil, fmt.Errorf("deployment: %w", err)
		}
		if args.Service != "" {
			if w.Service, err = service.New(ctx, name, args.service(), child); err != nil {
				return nil, err
			}
		}
		return nil, args.newCompanions(ctx, name, child)
	})
}

func (a Args) service() service.Args {
	return service.Args{App: a.App, Component: a.Component, Name: a.Service, Ports: a.served(), LoadBalancer: a.Expose}
}

// newCompanions registers what keeps the pods available.
func (a Args) newCompanions(ctx *pulumi.Context, name string, child pulumi.ResourceOption) error {
	if a.least() > 1 {
		if err := newDisruptionBudget(ctx, name, a.App, a.Component, child); err != nil {
			return err
		}
	}
	if a.Autoscaling.Enabled {
		return newAutoscaler(ctx, name, a.App, a.Component, a.Autoscaling, child)
	}
	return nil
}

func (a Args) newDeployment(ctx *pulumi.Context, name string, identity account.Account, opts ...pulumi.ResourceOption) (*appsv1.Deployment, error) {
	a.Pod.Spread = a.most() > 1
	spec := appsv1.DeploymentSpecArgs{
		Selector:                object.LabelSelector(a.App.Selector(a.Component)),
		Strategy:                a.strategy(),
		RevisionHistoryLimit:    pulumi.Int(5), // kubectl rollout undo goes this far back
		ProgressDeadlineSeconds: pulumi.Int(600),
		Template:                a.Pod.Template(a.App, a.Component, identity),
	}
	if !a.Autoscaling.Enabled || !a.Rendered {
		spec.Replicas = pulumi.Int(a.least())
	}
	if a.Autoscaling.Enabled {
		// The number is the start's, and then the autoscaler's. It is never left out:
		// the API server takes a field that leaves for 1, before the autoscaler looks.
		opts = append(opts, pulumi.IgnoreChanges([]string{"spec.replicas"}))
	}
	meta := a.Pod.Reloaded(a.App.Named(a.Component, a.Component))
	if a.Off {
		spec.Replicas = pulumi.Int(0)
		meta.Annotations = object.Annotated(meta.Annotations, object.SkipAwait, "true") // bound claims are waited for, and nobody claims them
	}
	if !a.Autoscaling.Enabled && a.Left > 0 {
		meta.Annotations = object.Annotated(meta.Annotations, LeftAnnotation, Left{a.Left, a.Replicas}.String())
	}
	return appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: meta,
		Spec:     spec,
	}, append(opts, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: rolloutTimeout, Update: rolloutTimeout}))...)
}

// strategy replaces pods one at a time without a surge, so that a rollout
// never needs room that the nodes or the quota do not have. A single pod has
// its successor started first instead.
func (a Args) strategy() appsv1.DeploymentStrategyArgs {
	if a.Recreate {
		return appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")}
	}
	surge, unavailable := 0, 1
	if a.least() == 1 {
		surge, unavailable = 1, 0
	}
	return appsv1.DeploymentStrategyArgs{
		Type: pulumi.String("RollingUpdate"),
		RollingUpdate: appsv1.RollingUpdateDeploymentArgs{
			MaxSurge: pulumi.Int(surge), MaxUnavailable: pulumi.Int(unavailable),
		},
	}
}
