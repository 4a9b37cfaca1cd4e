package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
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

// workload is the single server; config and claim are nil where only the shape
// matters.
func (a NATSArgs) workload(config, claim pulumi.StringInput) WorkloadArgs {
	server := a.server(natsProbes(natsEnabled, natsEnabled))
	if config != nil {
		server.Mounts = natsMounts(config, Claim(natsClaim, claim))
	}
	return WorkloadArgs{
		App: a.App, Component: NATSName, Replicas: 1, Service: NATSName,
		Recreate: true, Off: a.clustered(), Pod: a.pod(server),
	}
}

func natsMounts(config pulumi.StringInput, data Volume) []Mount {
	return []Mount{
		{Volume: ConfigFiles("config", config), Path: natsConfig, ReadOnly: true},
		{Volume: data, Path: natsData},
	}
}

func (a NATSArgs) pod(server Container) Pod {
	pod := Pod{
		Containers: []Container{server}, NodeSelector: a.NodeSelector, Exempt: a.Exempt,
		GraceSeconds: natsStopSeconds,
	}
	if !a.Exempt.Root {
		pod.User = natsUser
	}
	return pod
}

// server is one server, single or of a cluster.
func (a NATSArgs) server(probes Probes) Container {
	return Container{
		Name: NATSName, Image: a.Image, Resources: a.Resources, Probes: probes,
		Args: []string{"--config=" + natsConfig + "/" + natsFile},
		// Go sees no limit, and lets a heap double before it collects.
		Env: []EnvVar{Literal("GOMEMLIMIT", fmt.Sprintf("%dMiB", a.goMemoryMiB()))},
		Ports: []Port{
			{Name: "client", Container: NATSPort, Service: NATSPort},
			{Name: "monitor", Container: NATSMonitorPort, Service: NATSMonitorPort},
		},
	}
}

// goMemoryMiB is what the server fills at most before it collects at every
// step. The rest of the limit is for what Go does not count.
func (a NATSArgs) goMemoryMiB() int { return int(a.Resources.MemoryLimit.Value()>>20) * 9 / 10 }

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
