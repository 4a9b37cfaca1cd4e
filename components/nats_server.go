package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Where a server finds its configuration and its streams. The second is where
// streams have always been: under another path it would find none of them.
const (
	natsConfig = "/etc/nats"
	natsFile   = "nats.conf"
	natsData   = "/data"
	natsRun    = "/run/nats"
	natsPID    = natsRun + "/nats.pid"
)

// natsStopSeconds is how long a server takes after its last client has gone:
// streams are written out.
const natsStopSeconds = 30

// workload is the single server.
func (a NATSArgs) workload(configMap, claim pulumi.StringInput) WorkloadArgs {
	server := a.server(natsProbes(natsEnabled, natsEnabled))
	server.Mounts = natsMounts(configMap, Claim(natsClaim, claim))
	return WorkloadArgs{
		App: a.App, Component: config.NATSName, Replicas: 1, Service: config.NATSName,
		Recreate: true, Off: a.clustered(), Pod: a.pod(server),
	}
}

func natsMounts(configMap pulumi.StringInput, data Volume) []Mount {
	return []Mount{
		{Volume: ConfigFiles("config", configMap), Path: natsConfig, ReadOnly: true},
		{Volume: data, Path: natsData},
	}
}

func (a NATSArgs) pod(server Container) Pod {
	return Pod{
		Containers: []Container{server}, NodeSelector: a.NodeSelector, GraceSeconds: natsStopSeconds,
		Exempt: Exemption{
			Root:   true,
			Reason: "the image names no user, and the streams on its volume were written by root",
		},
	}
}

// server is one server, single or of a cluster.
func (a NATSArgs) server(probes Probes) Container {
	return Container{
		Name: config.NATSName, Image: a.Image, Resources: a.Resources, Probes: probes,
		Args: []string{"--config=" + natsConfig + "/" + natsFile},
		// Go sees no limit, and lets a heap double before it collects. From here on it
		// collects at every step; the rest of the limit is for what it does not count.
		Env: []EnvVar{Literal("GOMEMLIMIT", fmt.Sprintf("%dMiB", a.MostMemoryMiB()))},
		Ports: []Port{
			{Name: "client", Container: config.NATSPort, Service: config.NATSPort},
			{Name: "monitor", Container: config.NATSMonitorPort, Service: config.NATSMonitorPort},
		},
	}
}

// What the monitor is asked, from the least to the most. The first two look at
// no stream, since one that is behind is no reason to stop serving the others.
// NATS 2.10 looks at each for the second too, unless it is one of a cluster.
const (
	natsEnabled = "/healthz?js-enabled-only=true" // JetStream runs, and clients are let in
	natsJoined  = "/healthz?js-server-only=true"  // and it follows the cluster's leader
	natsCurrent = "/healthz"                      // and so does each stream that it holds
)

// natsProbes leave a server 15 minutes to read its streams, or to catch up.
func natsProbes(startup, readiness string) Probes {
	return Probes{
		Startup:   &Probe{Port: "monitor", Path: startup, PeriodSeconds: 5, FailureThreshold: 180},
		Readiness: &Probe{Port: "monitor", Path: readiness},
		Liveness:  &Probe{Port: "monitor", Path: natsEnabled, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
