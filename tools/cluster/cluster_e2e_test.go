//go:build e2e

package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoClustersAtOnce(t *testing.T) {
	tools := makeTools(t)
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := e2eOptions(tools, "e2e-"+name, filepath.Join(t.TempDir(), name))
			c, err := Start(t.Context(), options)
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, c.Stop()) })
			k := kubectl{tools.Kubectl(), c.Kubeconfig()}
			checkWorkload(t, k)
			checkAdmission(t, k)
			checkLeases(t, k)
			checkGone(t, k)
			left := running(c)
			require.NoError(t, c.Stop())
			requireGone(t, left)
		})
	}
}

// checkWorkload asserts that everything becomes what a client waits for.
func checkWorkload(t *testing.T, k kubectl) {
	t.Helper()
	begun := time.Now()
	k.must(t, "apply", "-f", "testdata/workload.yaml")
	for _, rollout := range []string{"deployment/web", "statefulset/db", "daemonset/agent"} {
		k.must(t, "-n", "demo", "rollout", "status", rollout, "--timeout=60s")
	}
	for _, wait := range [][]string{
		{"--for=condition=Complete", "job/migrate"},
		{"--for=jsonpath={.status.phase}=Bound", "pvc/data", "pvc/data-db-0", "pvc/data-db-1"},
		{"--for=jsonpath={.status.loadBalancer.ingress[0].ip}=192.0.2.1", "ingress/web"},
		{"--for=jsonpath={.endpoints[1].conditions.ready}=true", "endpointslice", "-l", "kubernetes.io/service-name=web"},
	} {
		k.must(t, append([]string{"-n", "demo", "wait", "--timeout=60s"}, wait...)...)
	}
	t.Logf("workload ready in %s", time.Since(begun))

	nodes := k.must(t, "-n", "demo", "get", "pods", "-o", `jsonpath={range .items[*]}{.metadata.labels.app}={.spec.nodeName} {end}`)
	assert.Equal(t, 2, strings.Count(nodes, "web=amd"), nodes)
	assert.Equal(t, 2, strings.Count(nodes, "db=arm"), nodes)
	assert.Equal(t, 1, strings.Count(nodes, "agent="), "the taint keeps the agent off one node: %s", nodes)
	assert.Equal(t, "arm64 data", k.must(t, "get", "node", "arm", "-o", `jsonpath={.status.nodeInfo.architecture} {.metadata.labels.role}`))

	k.must(t, "-n", "demo", "patch", "pvc", "data", "-p", `{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}`)
	k.must(t, "-n", "demo", "wait", "--timeout=60s", "--for=jsonpath={.status.capacity.storage}=2Gi", "pvc/data")
}

// checkAdmission asserts that the server refuses what a real one refuses.
func checkAdmission(t *testing.T, k kubectl) {
	t.Helper()
	out, err := k.run(t, "", "-n", "strict", "run", "root", "--image=example.test/app:1", "--privileged")
	require.Error(t, err)
	assert.Contains(t, out, `violates PodSecurity "restricted`)
	require.Eventually(t, func() bool { // the cluster's authority is published to each namespace a moment after it is made
		used, _ := k.run(t, "", "-n", "strict", "get", "resourcequota", "few", "-o", "jsonpath={.status.used.count/configmaps}")
		return used == "1"
	}, 20*time.Second, 200*time.Millisecond, "the quota counts what is there")
	out, err = k.run(t, "", "-n", "strict", "create", "configmap", "one-more")
	require.Error(t, err)
	assert.Contains(t, out, "exceeded quota: few")
	out, err = k.run(t, "", "auth", "can-i", "create", "pods", "--as=system:serviceaccount:demo:default")
	require.Error(t, err)
	assert.Contains(t, out, "no")
}

// checkLeases asserts that somebody renews the leases of the nodes: without
// them the controllers take every node for lost, and its pods for unready.
func checkLeases(t *testing.T, k kubectl) {
	t.Helper()
	for _, node := range []string{"amd", "arm"} {
		renewed := func() string {
			out, _ := k.run(t, "", "-n", "kube-node-lease", "get", "lease", node, "-o", "jsonpath={.spec.renewTime}")
			return out
		}
		var first string
		require.Eventually(t, func() bool { first = renewed(); return strings.HasSuffix(first, "Z") }, 20*time.Second, 200*time.Millisecond, "node %s has a lease", node)
		require.Eventually(t, func() bool { return renewed() != first }, 40*time.Second, 500*time.Millisecond, "and it is renewed")
	}
}

// checkGone asserts that objects and the volumes behind them can be deleted.
func checkGone(t *testing.T, k kubectl) {
	t.Helper()
	begun := time.Now()
	k.must(t, "delete", "namespace", "demo", "--timeout=60s")
	k.must(t, "wait", "--for=delete", "pv", "--all", "--timeout=60s")
	t.Logf("workload gone in %s", time.Since(begun))
}

func TestServerCrashKeepsData(t *testing.T) {
	tools := makeTools(t)
	options := e2eOptions(tools, "e2e-crash", filepath.Join(t.TempDir(), "crash"))
	c, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Stop()) })
	k := kubectl{tools.Kubectl(), c.Kubeconfig()}
	k.must(t, "create", "configmap", "kept", "--from-literal=a=b")
	server := processOf(c, apiServerName)
	kill(t, c, server)

	again, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, again.Stop()) })
	assert.Equal(t, c.ports.each(), again.ports.each())
	assert.Equal(t, "b", k.must(t, "get", "configmap", "kept", "-o", "jsonpath={.data.a}"))
	k.must(t, "create", "deployment", "after", "--image=example.test/app:1")
	k.must(t, "rollout", "status", "deployment/after", "--timeout=60s")
	left := running(again)
	require.NoError(t, again.Stop())
	requireGone(t, left)
}

func TestSpawnedClusterDiesWithItsRunner(t *testing.T) {
	tools := makeTools(t)
	dir := filepath.Join(t.TempDir(), "spawned")
	self, err := os.Executable()
	require.NoError(t, err)
	options := SpawnOptions{Command: []string{self}, Dir: dir, Env: []string{runVariable + "=" + dir}}

	state, err := Spawn(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, Remove(context.Background(), dir)) })
	require.True(t, state.Ready)
	k := kubectl{tools.Kubectl(), state.Kubeconfig}
	assert.Equal(t, "spawned", strings.TrimSpace(k.must(t, "config", "current-context")))
	k.must(t, "create", "configmap", "kept", "--from-literal=a=b")
	same, err := Spawn(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, state, same, "a running cluster is left as it is")
	_, err = Start(t.Context(), e2eOptions(tools, "other", dir))
	require.ErrorContains(t, err, fmt.Sprintf("is in use by process %d", state.PID))

	left := append(recorded(t, dir), runner(t, state))
	require.NoError(t, syscall.Kill(state.PID, syscall.SIGKILL))
	if runtime.GOOS == "linux" {
		requireGone(t, left)
	}
	require.Eventually(t, func() bool {
		state, err := Status(dir)
		return err == nil && !state.Running
	}, 5*time.Second, 10*time.Millisecond, "the kernel closes its lock when it is done with the process")

	state, err = Spawn(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, "b", k.must(t, "get", "configmap", "kept", "-o", "jsonpath={.data.a}"))
	left = append(recorded(t, dir), runner(t, state))
	begun := time.Now()
	require.NoError(t, Down(t.Context(), dir))
	t.Logf("down in %s", time.Since(begun))
	requireGone(t, left)
}

// runner is the process that runs a cluster.
func runner(t *testing.T, state State) identity {
	t.Helper()
	one, err := identify(state.PID)
	require.NoError(t, err)
	return one
}
