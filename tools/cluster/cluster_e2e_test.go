//go:build e2e

package cluster_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
	"platform/tools/cluster"
	"platform/tools/toolchain"
)

func TestQuick(t *testing.T) {
	tc, err := toolchain.Ensure(t.Context(), toolchain.Options{Tools: toolchain.Cluster, Out: os.Stderr})
	require.NoError(t, err)
	dir := filepath.Join("/tmp/tc/quick")
	c, err := cluster.Start(t.Context(), cluster.Options{Name: "quick", Dir: dir, Programs: cluster.ProgramsOf(tc), Out: os.Stderr,
		Topology: config.Topology{
			Nodes: []config.Node{
				{Name: "a", Architecture: "amd64", CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi")},
				{Name: "b", Architecture: "arm64", CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi"), Taints: []config.Taint{{Key: "k", Value: "v", Effect: "NoSchedule"}}},
			},
			StorageClasses:    []config.StorageClass{{Name: "std", Default: true, Provisioner: "csi.example.com"}},
			IngressController: config.IngressController{Namespace: "ingress-nginx"},
		}})
	require.NoError(t, err)
	if os.Getenv("HOLD") != "" {
		time.Sleep(10 * time.Minute)
	}
	start := time.Now()
	require.NoError(t, c.Stop())
	t.Logf("stop %s", time.Since(start))
}
