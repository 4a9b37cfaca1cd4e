package gfs

import (
	"strconv"

	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// master gives its folder up before a successor takes it: two masters on one
// log would destroy it.
func (a Args) master() workload.Args {
	return workload.Args{
		App: a.App, Component: config.GFSMasterName, Replicas: 1, Service: config.GFSMasterName, Recreate: true,
		Pod: pod.Pod{
			Containers:   []pod.Container{masterServer(a.Master)},
			NodeSelector: a.Master.NodeSelector,
			PullSecret:   a.PullSecret,
			Exempt: pod.Exemption{
				Root:   true,
				Reason: "its data lie in a folder of the node that is root's, and its program in root's home of the image",
			},
		},
	}
}

// masterData is where the master sees its folder.
const masterData = "/data/master"

func masterServer(m config.GFSMaster) pod.Container {
	return pod.Container{
		Name: config.GFSMasterName, Image: m.Image, Resources: m.Resources,
		Command: []string{"./master"},
		Args: []string{
			"-port", strconv.Itoa(config.GFSMasterPort), "-data", masterData,
			"-log-service", config.LogAddress, "-log-source", "edd-storage",
		},
		Env:    []pod.EnvVar{pod.FromField("POD_NAME", "metadata.name"), secretEnv()},
		Ports:  []pod.Port{{Name: "tcp", Container: config.GFSMasterPort, Service: config.GFSMasterPort, Node: m.NodePort}},
		Probes: probes("tcp"),
		Mounts: []pod.Mount{
			{Volume: pod.HostPath("master-data", m.HostPath), Path: masterData},
			{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}

// secretEnv is what master and chunkservers know each other by.
func secretEnv() pod.EnvVar {
	return pod.FromSecret("GFS_JWT_SECRET", "gfs-jwt-secret", "GFS_JWT_SECRET")
}

// probes open a connection to a port that speaks gRPC, which is all that the
// servers answer: neither has a health service. gRPC takes a connection that is
// closed at once for no error. They have five minutes to read their folder, and
// two to answer again once they serve.
func probes(port string) pod.Probes {
	return pod.Probes{
		Startup:   &pod.Probe{Port: port, PeriodSeconds: 5, FailureThreshold: 60},
		Readiness: &pod.Probe{Port: port},
		Liveness:  &pod.Probe{Port: port, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
