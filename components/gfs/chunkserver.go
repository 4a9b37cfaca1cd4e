package gfs

import (
	"strconv"

	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// chunkserverGraceSeconds is time to finish the writes that it has accepted.
const chunkserverGraceSeconds = 60

func (a Args) chunkservers() workload.DaemonArgs {
	return workload.DaemonArgs{
		App: a.App, Component: config.ChunkserverName, Protect: a.Protect,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.chunkserver()},
			NodeSelector: a.Chunkserver.NodeSelector,
			Tolerations:  a.Chunkserver.Tolerations,
			PullSecret:   a.PullSecret,
			Exempt: pod.Exemption{
				Root: true, HostNetwork: true,
				Reason: "as gfs-master; clients on the nodes' network reach each chunkserver at its node's own address",
			},
			GraceSeconds: chunkserverGraceSeconds,
		},
	}
}

// chunkserverData is where a chunkserver sees its folder.
const chunkserverData = "/data/chunk"

func (a Args) chunkserver() pod.Container {
	return pod.Container{
		Name: config.ChunkserverName, Image: a.Chunkserver.Image, Resources: a.Chunkserver.Resources,
		Command: []string{"./chunkserver"},
		Args:    a.chunkserverArguments(),
		Env: []pod.EnvVar{
			pod.FromField("NODE_NAME", "spec.nodeName"), pod.FromField("NODE_IP", "status.hostIP"), secretEnv(),
		},
		Ports: []pod.Port{
			{Name: "client", Container: config.ChunkserverPort},
			{Name: "repl", Container: config.ChunkserverReplicationPort},
		},
		// Not the port of clients: it speaks a protocol of its own, and logs each
		// connection that brings no request as an error. Nine a minute are what
		// alerting-service takes for a burst of them.
		Probes: probes("repl"),
		Mounts: []pod.Mount{
			{Volume: pod.HostPath("chunk-data", a.Chunkserver.HostPath), Path: chunkserverData},
			{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}

// chunkserverArguments name a chunkserver after its node, so that the master knows it
// again under another pod. Kubernetes fills in the variables.
func (a Args) chunkserverArguments() []string {
	return []string{
		"-p", strconv.Itoa(config.ChunkserverPort), "-r", strconv.Itoa(config.ChunkserverReplicationPort),
		"-h", "$(NODE_IP)", "-d", chunkserverData, "-id", "gfs-cs-$(NODE_NAME)",
		"-master", a.MasterAddress, "-log-service", config.LogAddress,
	}
}
