package config

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// GFS configures the file system: one master and a chunkserver on each node
// that its selector names.
type GFS struct {
	Master      GFSMaster      `key:"master"`
	Chunkserver GFSChunkserver `key:"chunkserver"`
}

// GFSMaster configures the server that knows which chunk is where.
type GFSMaster struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	HostPath     string            `key:"hostPath"` // on its node; default /data/gfs
	NodePort     int               `key:"nodePort"` // that nodes reach it at; default 30900
}

// GFSChunkserver configures the servers that hold the chunks.
type GFSChunkserver struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	HostPath     string            `key:"hostPath"`    // on each node; default /data/gfs/chunkserver
	Nodes        int               `key:"nodes"`       // how many there must be; default 3
	MasterNode   string            `key:"masterNode"`  // whose address leads to the master's node port; default the master's own node
	Tolerations  []Toleration      `key:"tolerations"` // of their nodes' taints
}

// Toleration lets pods run on nodes with a taint, whatever its value.
type Toleration struct {
	Key    string `key:"key"`
	Effect string `key:"effect"` // empty means every effect
}

const (
	// DefaultGFSPath is where the master keeps the namespace on its node.
	DefaultGFSPath = "/data/gfs"
	// DefaultGFSNodePort is where chunkservers, which are on their nodes'
	// networks, reach the master.
	DefaultGFSNodePort = 30900
	// DefaultChunkPath is where a chunkserver keeps its chunks on its node.
	DefaultChunkPath = "/data/gfs/chunkserver"
	// DefaultChunkservers is one for each copy of a chunk.
	DefaultChunkservers = 3
)

var (
	defaultMasterResources = NewResources("100m", "128Mi", "1", "1Gi")   // chosen
	defaultChunkResources  = NewResources("100m", "128Mi", "1", "512Mi") // chosen
)

// applyDefaults takes the master's own node as the way to it. Any would do,
// since a node port is open on all, but that one is up whenever the master is.
func (g *GFS) applyDefaults(topology Topology) {
	setDefault(&g.Master.HostPath, DefaultGFSPath)
	setDefault(&g.Master.NodePort, DefaultGFSNodePort)
	g.Master.Resources.fill(defaultMasterResources)
	setDefault(&g.Chunkserver.HostPath, DefaultChunkPath)
	setDefault(&g.Chunkserver.Nodes, DefaultChunkservers)
	g.Chunkserver.Resources.fill(defaultChunkResources)
	own := slices.IndexFunc(topology.Nodes, func(n Node) bool { return n.takes(podSet{selector: g.Master.NodeSelector}) })
	if own >= 0 {
		setDefault(&g.Chunkserver.MasterNode, topology.Nodes[own].Name)
	}
}

// MasterAddress is where chunkservers, which are on their nodes' networks,
// reach the master: ADDRESS:NODEPORT of the node that they are told to ask.
func (c *EddCloud) MasterAddress() string {
	node, _ := c.Topology.node(c.GFS.Chunkserver.MasterNode)
	return netip.AddrPortFrom(node.Address, uint16(c.GFS.Master.NodePort)).String()
}

// chunkservers are on their nodes' networks, so that two cannot share a node.
func (c *EddCloud) chunkservers() podSet {
	s := c.GFS.Chunkserver
	return podSet{
		key: "gfs.chunkserver", resources: s.Resources, selector: s.NodeSelector, build: s.Build,
		spread: everywhere, tolerations: s.Tolerations,
	}
}

// The ports that Kubernetes gives to node ports unless its API server is told
// otherwise.
const (
	firstNodePort = 30000
	lastNodePort  = 32767
)

func (g GFS) validate(into *collector, topology Topology) {
	const master, chunkserver = "gfs.master", "gfs.chunkserver"
	into.someNode(master+".nodeSelector", g.Master.NodeSelector, "on another node the folder is another")
	into.someNode(chunkserver+".nodeSelector", g.Chunkserver.NodeSelector, "every node would hold chunks")
	into.runs(master, g.Master.Build, g.Master.Resources, g.Master.NodeSelector)
	into.hostPath(master+".hostPath", g.Master.HostPath)
	into.between(master+".nodePort", g.Master.NodePort, firstNodePort, lastNodePort)
	into.runs(chunkserver, g.Chunkserver.Build, g.Chunkserver.Resources, g.Chunkserver.NodeSelector)
	into.hostPath(chunkserver+".hostPath", g.Chunkserver.HostPath)
	into.positive(chunkserver+".nodes", g.Chunkserver.Nodes)
	for i, toleration := range g.Chunkserver.Tolerations {
		toleration.validate(into, fmt.Sprintf("%s.tolerations[%d]", chunkserver, i))
	}
	g.Chunkserver.validateMasterNode(into, chunkserver+".masterNode", topology)
}

// someNode checks that a selector names nodes, where it is not all the same which
// they are.
func (c *collector) someNode(key string, selector map[string]string, why string) {
	if len(selector) == 0 && c.clean(key) {
		c.add(key, "name the nodes by a label", "it is empty, and %s", why)
	}
}

// hostPath checks a folder of a node, which is none of the system's: what is
// there runs the node, or leads to whoever does. The root would be all of it.
func (c *collector) hostPath(key, value string) {
	remedy := "write a folder such as " + DefaultGFSPath
	if !strings.HasPrefix(value, "/") || value == "/" || path.Clean(value) != value {
		c.add(key, remedy, "%s is no plain absolute path of a folder below the root", quoted(value))
		return
	}
	for _, own := range []string{"/boot", "/dev", "/etc", "/proc", "/root", "/run", "/sys", "/usr", "/var/lib/kubelet", "/var/lib/rancher", "/var/run"} {
		if value == own || strings.HasPrefix(value, own+"/") || strings.HasPrefix(own, value+"/") {
			c.add(key, remedy, "%s is a folder of the node's system, or holds one: %s", quoted(value), own)
			return
		}
	}
}

func (t Toleration) validate(into *collector, key string) {
	into.labelKey(key+".key", t.Key)
	if t.Effect != "" {
		oneOf(into, key+".effect", t.Effect, taintEffects)
	}
}

// validateMasterNode checks that the node by which chunkservers reach the
// master is there and has an address. It is empty only where no node takes the
// master, which is reported there.
func (g GFSChunkserver) validateMasterNode(into *collector, key string, topology Topology) {
	if g.MasterNode == "" || !into.clean("topology.nodes") {
		return
	}
	node, known := topology.node(g.MasterNode)
	switch {
	case !known:
		into.add(key, "use one of "+textOf(topology.Nodes, Node.name), "%s is no node of %s:topology.nodes", quoted(g.MasterNode), Namespace)
	case !node.Address.IsValid():
		into.add(key, "write its address in "+Namespace+":topology.nodes, or choose another,", "%q has no address", g.MasterNode)
	}
}

// validateChunkservers checks that there are as many chunkservers as copies of
// a chunk are meant to be.
func (c *EddCloud) validateChunkservers(into *collector) {
	const key = "gfs.chunkserver"
	set := c.chunkservers()
	nodes := c.Topology.nodesFor(set)
	if len(nodes) == 0 || len(nodes) >= c.GFS.Chunkserver.Nodes || !into.clean(key+".nodes", key+".nodeSelector", key+".tolerations") {
		return
	}
	var tainted, others []Node
	for _, node := range c.Topology.Nodes {
		switch {
		case slices.ContainsFunc(nodes, func(n Node) bool { return n.Name == node.Name }):
		case node.carries(set.selector):
			tainted = append(tainted, node)
		default:
			others = append(others, node)
		}
	}
	into.add(key+".nodes", "label another node in "+Namespace+":topology.nodes, or lower it,",
		"%d chunkservers are wanted, and %s matches %s; with taints that are not tolerated: %s; without the label: %s",
		c.GFS.Chunkserver.Nodes, selectorText(set.selector), textOf(nodes, Node.name), textOf(tainted, Node.offer), textOf(others, Node.name))
}
