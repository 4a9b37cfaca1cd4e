package components

import (
	"errors"
	"fmt"
	"slices"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeHAProxy = "platform:components:HAProxy" // the state remembers it: change it only with an alias

// HAProxy's name, which is that of its Service too, and ports, as the seed has
// them.
const (
	HAProxyName      = "haproxy"
	HAProxyPort      = PostgresPort
	HAProxyStatsPort = 8404 // its own convention
	haproxyUser      = 99   // the image's haproxy user
)

// haproxyStopSeconds is what sessions get to end when HAProxy is told to stop.
const haproxyStopSeconds = 45

// HAProxy is the way to the one PostgreSQL server that takes writes. With none
// or more than one of them it lets nobody through.
type HAProxy struct {
	pulumi.ResourceState
	Deployment *appsv1.Deployment
}

// HAProxyArgs shapes HAProxy. Only NodeSelector may be empty.
type HAProxyArgs struct {
	App          App
	Image        string // repository:tag; never latest
	Resources    Resources
	NodeSelector map[string]string
	Servers      []string // Services in the namespace, each of another server: one that two lead to would count as two
}

// Validate returns every fault at once.
func (a HAProxyArgs) Validate() error {
	faults := []error{a.workload(pulumi.String("")).Validate()}
	if len(a.Servers) == 0 {
		faults = append(faults, errors.New("servers: there is none to lead to; name the Services of those that run"))
	}
	for i, server := range a.Servers {
		if slices.Contains(a.Servers[:i], server) {
			faults = append(faults, fmt.Errorf("servers[%d]: %q is listed twice; name each server once", i, server))
		}
		faults = append(faults, required(fmt.Sprintf("servers[%d]", i), server))
	}
	return errors.Join(faults...)
}

// NewHAProxy registers HAProxy behind the Service haproxy, port 5432. It is up
// once it has found the server that takes writes.
func NewHAProxy(ctx *pulumi.Context, name string, args HAProxyArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*HAProxy, error) {
	if err := join("haproxy", name, args.Validate()); err != nil {
		return nil, err
	}
	h := &HAProxy{}
	if err := ctx.RegisterComponentResource(typeHAProxy, name, h, opts...); err != nil {
		return nil, fmt.Errorf("register haproxy %q: %w", name, err)
	}
	files := map[string]string{"haproxy.cfg": args.conf()}
	config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: args.App.unnamed(HAProxyName), Data: pulumi.ToStringMap(files),
	}, pulumi.Parent(h))
	if err != nil {
		return nil, fmt.Errorf("haproxy %q config map: %w", name, err)
	}
	workload := args.workload(config.Metadata.Name().Elem())
	workload.Pod.Revision = Revision(files, nil)
	made, err := NewWorkload(ctx, name, workload, after, pulumi.Parent(h))
	if err != nil {
		return nil, fmt.Errorf("haproxy %q: %w", name, err)
	}
	h.Deployment = made.Deployment
	if err := ctx.RegisterResourceOutputs(h, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("haproxy %q outputs: %w", name, err)
	}
	return h, nil
}

func (a HAProxyArgs) workload(config pulumi.StringInput) WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: HAProxyName, Replicas: 1, Service: HAProxyName,
		Pod: Pod{
			Containers:   []Container{a.proxy(config)},
			User:         haproxyUser,
			NodeSelector: a.NodeSelector,
			GraceSeconds: drainSeconds + haproxyStopSeconds + 10,
		},
	}
}

// proxy is ready while exactly one server takes writes, so that a successor
// that finds none, for a fault in its configuration, leaves the old pod
// serving. It lives whatever the servers do: a restart would not help them.
func (a HAProxyArgs) proxy(config pulumi.StringInput) Container {
	return Container{
		Name: HAProxyName, Image: a.Image, Resources: a.Resources, DrainSeconds: drainSeconds,
		Env: []EnvVar{FromField("NAMESPACE", "metadata.namespace")},
		Ports: []Port{
			{Name: "postgres", Container: HAProxyPort, Service: HAProxyPort},
			{Name: "stats", Container: HAProxyStatsPort},
		},
		Probes: Probes{
			Startup:   &Probe{Port: "stats", Path: "/live", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &Probe{Port: "stats", Path: "/ready", PeriodSeconds: 5},
			Liveness:  &Probe{Port: "stats", Path: "/live", PeriodSeconds: 20},
		},
		Mounts: []Mount{{Volume: ConfigFiles("config", config), Path: "/usr/local/etc/haproxy", ReadOnly: true}},
	}
}
