//go:build e2e

package toolchain_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"platform/tools/toolchain"
)

// secondRun is what finding everything may take.
const secondRun = 2 * time.Second

// TestEnsureEverything makes every tool of the project for real, which takes
// a quarter of an hour with an empty cache, and needs a Go module proxy.
func TestEnsureEverything(t *testing.T) {
	options := toolchain.Options{Out: os.Stderr}
	first, err := toolchain.Ensure(t.Context(), options)
	require.NoError(t, err)

	start := time.Now()
	second, err := toolchain.Ensure(t.Context(), options)
	require.NoError(t, err)
	took := time.Since(start)
	t.Logf("second run: %s", took)
	require.Less(t, took, secondRun)

	require.Equal(t, first, second)
	require.FileExists(t, second.Pulumi())
	require.DirExists(t, second.CRDs())
	require.DirExists(t, second.LoadBalancerCRDs())
	for _, program := range []string{
		"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "etcd", "kwok", "metallb-controller",
		"kubelet", "kube-proxy", "coredns", "network-policies", "metrics-server", "crictl", "metallb-speaker",
		"golangci-lint", "promtool",
	} {
		require.FileExists(t, second.Path(program), program)
	}
}
