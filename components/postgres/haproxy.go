package postgres

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

// HAProxy's port of figures and its user.
const (
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

// HAProxyArgs shapes HAProxy.
type HAProxyArgs struct {
	config.HAProxy
	App     object.App
	Servers []string // Services in the namespace, each of another server: one that two lead to would count as two
}

// NewHAProxy registers HAProxy behind the Service haproxy, port 5432. It is up
// once it has found the server that takes writes.
func NewHAProxy(ctx *pulumi.Context, name string, args HAProxyArgs, opts ...pulumi.ResourceOption) (*HAProxy, error) {
	h := &HAProxy{}
	return object.Register(ctx, "HAProxy", name, h, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		files := map[string]string{"haproxy.cfg": args.conf()}
		configMap, err := object.NewConfigMap(ctx, name, args.App.Unnamed(config.HAProxyName), files, child)
		if err != nil {
			return nil, err
		}
		proxy := args.workload(configMap.Metadata.Name().Elem())
		proxy.Pod.Revision = object.Revision(files, nil)
		made, err := workload.New(ctx, name, proxy, child)
		if err != nil {
			return nil, err
		}
		h.Deployment = made.Deployment
		return nil, nil
	})
}

func (a HAProxyArgs) workload(configMap pulumi.StringInput) workload.Args {
	return workload.Args{
		App: a.App, Component: config.HAProxyName, Replicas: 1, Service: config.HAProxyName,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.proxy(configMap)},
			User:         haproxyUser,
			NodeSelector: a.NodeSelector,
			GraceSeconds: service.DrainSeconds + haproxyStopSeconds + 10,
		},
	}
}

// proxy is ready while exactly one server takes writes, so that a successor
// that finds none, for an error in its configuration, leaves the old pod
// serving. It lives whatever the servers do: a restart would not help them.
func (a HAProxyArgs) proxy(configMap pulumi.StringInput) pod.Container {
	return pod.Container{
		Name: config.HAProxyName, Image: a.Image, Resources: a.Resources, DrainSeconds: service.DrainSeconds,
		Env: []pod.EnvVar{pod.FromField("NAMESPACE", "metadata.namespace")},
		Ports: []pod.Port{
			serverPort(),
			{Name: "stats", Container: HAProxyStatsPort},
		},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "stats", Path: "/live", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &pod.Probe{Port: "stats", Path: "/ready", PeriodSeconds: 5},
			Liveness:  &pod.Probe{Port: "stats", Path: "/live", PeriodSeconds: 20},
		},
		Mounts: []pod.Mount{{Volume: pod.ConfigFiles("config", configMap), Path: "/usr/local/etc/haproxy", ReadOnly: true}},
	}
}
