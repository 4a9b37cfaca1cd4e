package nats

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// Where a server finds its configuration and its streams. The second is where
// streams have always been: under another path it would find none of them.
const (
	configFolder = "/etc/nats"
	configFile   = "nats.conf"
	dataFolder   = "/data"
	runFolder    = "/run/nats"
	pidFile      = runFolder + "/nats.pid"
)

// stopSeconds is how long a server takes after its last client has gone:
// streams are written out.
const stopSeconds = 30

// workload is the single server.
func (a Args) workload(configMap, claim pulumi.StringInput) workload.Args {
	server := a.server(probes(enabledPath, enabledPath))
	server.Mounts = mounts(configMap, pod.Claim(claimName, claim))
	return workload.Args{
		App: a.App, Component: config.NATSName, Replicas: 1, Service: config.NATSName,
		Recreate: true, Off: a.clustered(), Pod: a.pod(server),
	}
}

func mounts(configMap pulumi.StringInput, data pod.Volume) []pod.Mount {
	return []pod.Mount{
		{Volume: pod.ConfigFiles("config", configMap), Path: configFolder, ReadOnly: true},
		{Volume: data, Path: dataFolder},
	}
}

func (a Args) pod(server pod.Container) pod.Pod {
	return pod.Pod{
		Containers: []pod.Container{server}, NodeSelector: a.NodeSelector, GraceSeconds: stopSeconds,
		Exempt: pod.Exemption{
			Root:   true,
			Reason: "the image names no user, and the streams on its volume were written by root",
		},
	}
}

// server is one server, single or of a cluster.
func (a Args) server(probes pod.Probes) pod.Container {
	return pod.Container{
		Name: config.NATSName, Image: a.Image, Resources: a.Resources, Probes: probes,
		Args: []string{"--config=" + configFolder + "/" + configFile},
		// Go sees no limit, and lets a heap double before it collects. From here on it
		// collects at every step; the rest of the limit is for what it does not count.
		Env: []pod.EnvVar{pod.Literal("GOMEMLIMIT", fmt.Sprintf("%dMiB", a.MostMemoryMiB()))},
		Ports: []pod.Port{
			{Name: "client", Container: config.NATSPort, Service: config.NATSPort},
			{Name: "monitor", Container: config.NATSMonitorPort, Service: config.NATSMonitorPort},
		},
	}
}

// What the monitor is asked, from the least to the most. The first two look at
// no stream, since one that is behind is no reason to stop serving the others.
// NATS 2.10 looks at each for the second too, unless it is one of a cluster.
const (
	enabledPath = "/healthz?js-enabled-only=true" // JetStream runs, and clients are let in
	joinedPath  = "/healthz?js-server-only=true"  // and it follows the cluster's leader
	currentPath = "/healthz"                      // and so does each stream that it holds
)

// probes leave a server 15 minutes to read its streams, or to catch up.
func probes(startup, readiness string) pod.Probes {
	return pod.Probes{
		Startup:   &pod.Probe{Port: "monitor", Path: startup, PeriodSeconds: 5, FailureThreshold: 180},
		Readiness: &pod.Probe{Port: "monitor", Path: readiness},
		Liveness:  &pod.Probe{Port: "monitor", Path: enabledPath, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
