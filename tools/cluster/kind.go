package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"platform/config"
)

// Nodes says what the nodes of a cluster are.
type Nodes string

// The kinds of nodes.
const (
	Simulated Nodes = "simulated" // kwok plays the kubelets; no container runs
	Real      Nodes = "real"      // kubelets on machines made of Linux's namespaces; containers run
)

// ParseNodes reads what a user asks for; empty means that anything is fine.
func ParseNodes(text string) (Nodes, error) {
	switch n := Nodes(text); n {
	case "", Simulated, Real:
		return n, nil
	}
	return "", fmt.Errorf("nodes: %q is neither %s nor %s; choose one of them", text, Simulated, Real)
}

// nodePrograms are what real nodes take from the distribution: the program and
// the Debian package that has it.
var nodePrograms = []struct{ program, pkg string }{
	{"containerd", "containerd"},
	{"runc", "runc"},
	{"ctr", "containerd"},
	{"nft", "nftables"},
	{"iptables", "iptables"},
	{"ipset", "ipset"},
	{"conntrack", "conntrack"},
}

// cniFolders are where distributions keep the plugins of container networks.
var cniFolders = []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"}

// cniProgram tells a folder with those plugins.
const cniProgram = "bridge"

// RealNodesFault is why this machine cannot run real nodes; nil where it can.
// Each cause is a line.
func RealNodesError() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("real nodes need Linux, and this is %s", runtime.GOOS)
	}
	if os.Getuid() != 0 {
		return errors.New("real nodes need root, for namespaces and control groups")
	}
	return nil
}

// CanRunNodes is why real nodes cannot be started as things are; nil where they
// can. It names every program that is missing, and how to have them.
func CanRunNodes() error {
	if err := RealNodesError(); err != nil {
		return err
	}
	var missing []string
	for _, one := range nodePrograms {
		if _, err := exec.LookPath(one.program); err != nil && !slices.Contains(missing, one.pkg) {
			missing = append(missing, one.pkg)
		}
	}
	if !exists(filepath.Join(cniPlugins(), cniProgram)) {
		missing = append(missing, "containernetworking-plugins")
	}
	if len(missing) > 0 {
		return fmt.Errorf("real nodes need %s, which are not installed; install them with: tools/servers/install nodes", strings.Join(missing, ", "))
	}
	return nil
}

// Memory in bytes that real nodes may take: the control plane with what is
// beside it, and each node with its pods. That is more than was measured with
// the stacks of this project, 2.9 GB for eight nodes, so that some is left.
const (
	baseMemory = 1 << 30
	nodeMemory = 512 << 20
)

// Suits is why this machine should not run the nodes of a topology as real ones
// unless it is asked to; nil where it has all that they need.
func Suits(t config.Topology) error {
	if err := CanRunNodes(); err != nil {
		return err
	}
	if _, err := newSite(t); err != nil {
		return fmt.Errorf("real nodes: %w", err)
	}
	need := uint64(baseMemory + len(t.Nodes)*nodeMemory)
	if free := availableMemory(); free < need {
		return fmt.Errorf("%d real nodes need about %d MB of memory, and %d MB are available", len(t.Nodes), need>>20, free>>20)
	}
	return nil
}

// availableMemory is what the kernel could give to new programs, in bytes; 0
// where it does not tell.
func availableMemory() uint64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes uint64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	return 0
}
