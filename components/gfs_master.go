package components

import (
	"errors"
	"strconv"
)

// GFSMaster shapes the master. None of it may be empty.
type GFSMaster struct {
	Image        string            // repository:tag; never latest
	NodeSelector map[string]string // of the one node that has the folder
	Resources    Resources
	HostPath     string    // folder of the node that it keeps its log in
	NodePort     int       // of every node, 30000 to 32767: chunkservers are on their nodes' networks
	Exempt       Exemption // Root, and HostPath among its HostPaths
}

func (m GFSMaster) validate(gfs GFSArgs) error {
	faults := []error{m.workload(gfs).Validate(), required("hostPath", m.HostPath)}
	if len(m.NodeSelector) == 0 {
		faults = append(faults, errors.New("nodeSelector: is empty, and on another node the folder is another; name the node that has it"))
	}
	if m.NodePort == 0 {
		faults = append(faults, errors.New("nodePort: is missing, and no chunkserver would find the master; use 30000 to 32767"))
	}
	return errors.Join(faults...)
}

// workload gives its folder up before a successor takes it: two masters on one
// log would destroy it.
func (m GFSMaster) workload(gfs GFSArgs) WorkloadArgs {
	return WorkloadArgs{
		App: gfs.App, Component: GFSMasterName, Replicas: 1, Service: GFSMasterName, Recreate: true,
		Pod: Pod{
			Containers:   []Container{m.server()},
			NodeSelector: m.NodeSelector,
			PullSecret:   gfs.PullSecret,
			Exempt:       m.Exempt,
		},
	}
}

// gfsMasterData is where the master sees its folder.
const gfsMasterData = "/data/master"

func (m GFSMaster) server() Container {
	return Container{
		Name: GFSMasterName, Image: m.Image, Resources: m.Resources,
		Command: []string{"./master"},
		Args: []string{
			"-port", strconv.Itoa(GFSMasterPort), "-data", gfsMasterData,
			"-log-service", logAddress, "-log-source", "edd-storage",
		},
		Env:    []EnvVar{FromField("POD_NAME", "metadata.name"), gfsSecret()},
		Ports:  []Port{{Name: "tcp", Container: GFSMasterPort, Service: GFSMasterPort, Node: m.NodePort}},
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
