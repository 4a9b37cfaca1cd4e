//go:build e2e

package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
	"platform/tools/cluster/machine"
	"platform/tools/toolchain"
)

// These tests run real clusters. They need the toolchain's cluster group,
// which they make, and a few gigabytes of memory.

// runVariable makes this test binary run a cluster instead of tests: it names
// the folder.
const runVariable = "PLATFORM_TEST_CLUSTER"

// nodesVariable says what its nodes are.
const nodesVariable = "PLATFORM_TEST_NODES"

func TestMain(m *testing.M) {
	machine.Main()
	dir := os.Getenv(runVariable)
	if dir == "" {
		os.Exit(m.Run())
	}
	tools, err := toolchain.Ensure(context.Background(), toolchain.Options{Tools: slices.Concat(toolchain.Cluster, toolchain.Nodes)})
	if err == nil {
		options := e2eOptions(tools, "spawned", dir)
		options.Nodes = Nodes(os.Getenv(nodesVariable))
		err = Run(context.Background(), options)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func e2eOptions(tools *toolchain.Toolchain, name, dir string) Options {
	return Options{
		Name: name, Dir: dir, Programs: ProgramsOf(tools), Out: os.Stderr,
		Topology: config.Topology{
			Nodes: []config.Node{
				{Name: "amd", Architecture: "amd64", CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi"), Pods: 20},
				{
					Name: "arm", Architecture: "arm64", CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi"),
					Labels: map[string]string{"role": "data"},
					Taints: []config.Taint{{Key: "dedicated", Value: "data", Effect: "NoSchedule"}},
				},
			},
			StorageClasses: []config.StorageClass{
				{Name: "fast", Default: true, Provisioner: "csi.example.test"}, {Name: "slow", Provisioner: "nfs.example.test"},
			},
			IngressController: config.IngressController{Namespace: "ingress-nginx"},
		},
	}
}

// makeTools makes the cluster group and more.
func makeTools(t *testing.T, more ...toolchain.Name) *toolchain.Toolchain {
	t.Helper()
	tools, err := toolchain.Ensure(t.Context(), toolchain.Options{Tools: slices.Concat(toolchain.Cluster, more), Out: os.Stderr})
	require.NoError(t, err)
	return tools
}

// kubectl runs the real client and gives what it printed.
type kubectl struct{ program, kubeconfig string }

func (k kubectl) run(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), k.program, append([]string{"--kubeconfig", k.kubeconfig}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (k kubectl) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := k.run(t, "", args...)
	require.NoError(t, err, out)
	return out
}
