package components

import (
	"strconv"

	"platform/config"
)

// master gives its folder up before a successor takes it: two masters on one
// log would destroy it.
func (a GFSArgs) master() WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: config.GFSMasterName, Replicas: 1, Service: config.GFSMasterName, Recreate: true,
		Pod: Pod{
			Containers:   []Container{masterServer(a.Master)},
			NodeSelector: a.Master.NodeSelector,
			PullSecret:   a.PullSecret,
			Exempt: Exemption{
				Root:   true,
				Reason: "its data lie in a folder of the node that is root's, and its program in root's home of the image",
			},
		},
	}
}

// gfsMasterData is where the master sees its folder.
const gfsMasterData = "/data/master"

func masterServer(m config.GFSMaster) Container {
	return Container{
		Name: config.GFSMasterName, Image: m.Image, Resources: m.Resources,
		Command: []string{"./master"},
		Args: []string{
			"-port", strconv.Itoa(config.GFSMasterPort), "-data", gfsMasterData,
			"-log-service", config.LogAddress, "-log-source", "edd-storage",
		},
		Env:    []EnvVar{FromField("POD_NAME", "metadata.name"), gfsSecret()},
		Ports:  []Port{{Name: "tcp", Container: config.GFSMasterPort, Service: config.GFSMasterPort, Node: m.NodePort}},
		Probes: gfsProbes("tcp"),
		Mounts: []Mount{
			{Volume: HostPath("master-data", m.HostPath), Path: gfsMasterData},
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}

// gfsSecret is what master and chunkservers know each other by.
func gfsSecret() EnvVar { return FromSecret("GFS_JWT_SECRET", "gfs-jwt-secret", "GFS_JWT_SECRET") }

// gfsProbes open a connection to a port that speaks gRPC, which is all that the
// servers answer: neither has a health service. gRPC takes a connection that is
// closed at once for no error. They have five minutes to read their folder, and
// two to answer again once they serve.
func gfsProbes(port string) Probes {
	return Probes{
		Startup:   &Probe{Port: port, PeriodSeconds: 5, FailureThreshold: 60},
		Readiness: &Probe{Port: port},
		Liveness:  &Probe{Port: port, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
