package components

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
)

// GFSChunkserver shapes the chunkservers. Only Tolerations may be empty.
type GFSChunkserver struct {
	Image         string            // repository:tag; never latest
	NodeSelector  map[string]string // of the nodes that hold chunks
	Resources     Resources         // of each
	HostPath      string            // folder of each node that it keeps its chunks in
	Tolerations   []Toleration      // of their nodes' taints
	MasterAddress string            // ADDRESS:PORT of a node, and the master's NodePort
	Exempt        Exemption         // Root, HostNetwork, and HostPath among its HostPaths
}

func (c GFSChunkserver) validate(gfs GFSArgs) error {
	faults := []error{c.daemon(gfs).Validate(), required("hostPath", c.HostPath)}
	if len(c.NodeSelector) == 0 {
		faults = append(faults, errors.New("nodeSelector: is empty, and every node would hold chunks; name the nodes that do"))
	}
	if !c.Exempt.HostNetwork {
		faults = append(faults, errors.New("exempt: lacks hostNetwork, and clients are told the node's address; allow it"))
	}
	if at, err := netip.ParseAddrPort(c.MasterAddress); err != nil || int(at.Port()) != gfs.Master.NodePort {
		faults = append(faults, fmt.Errorf("masterAddress: %q is not ADDRESS:%d, the master's nodePort on a node; write that", c.MasterAddress, gfs.Master.NodePort))
	}
	return errors.Join(faults...)
}

// chunkserverGraceSeconds is time to finish the writes that it has accepted.
const chunkserverGraceSeconds = 60

func (c GFSChunkserver) daemon(gfs GFSArgs) DaemonArgs {
	return DaemonArgs{
		App: gfs.App, Component: ChunkserverName, Protect: gfs.Protect,
		Pod: Pod{
			Containers:   []Container{c.server()},
			NodeSelector: c.NodeSelector,
			Tolerations:  c.Tolerations,
			PullSecret:   gfs.PullSecret,
			Exempt:       c.Exempt,
			GraceSeconds: chunkserverGraceSeconds,
		},
	}
}

// chunkserverData is where a chunkserver sees its folder.
const chunkserverData = "/data/chunk"

func (c GFSChunkserver) server() Container {
	return Container{
		Name: ChunkserverName, Image: c.Image, Resources: c.Resources,
		Command: []string{"./chunkserver"},
		Args:    c.arguments(),
		Env: []EnvVar{
			FromField("NODE_NAME", "spec.nodeName"), FromField("NODE_IP", "status.hostIP"), gfsSecret(),
		},
		Ports: []Port{
			{Name: "client", Container: ChunkserverPort},
			{Name: "repl", Container: ChunkserverReplicationPort},
		},
		// Not the port of clients: it speaks a protocol of its own, and logs each
		// connection that brings no request as an error. Nine a minute are what
		// alerting-service takes for a burst of them.
		Probes: gfsProbes("repl"),
		Mounts: []Mount{
			{Volume: HostPath("chunk-data", c.HostPath), Path: chunkserverData},
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}

// arguments name a chunkserver after its node, so that the master knows it
// again under another pod. Kubernetes fills in the variables.
func (c GFSChunkserver) arguments() []string {
	return []string{
		"-p", strconv.Itoa(ChunkserverPort), "-r", strconv.Itoa(ChunkserverReplicationPort),
		"-h", "$(NODE_IP)", "-d", chunkserverData, "-id", "gfs-cs-$(NODE_NAME)",
		"-master", c.MasterAddress, "-log-service", logAddress,
	}
}
