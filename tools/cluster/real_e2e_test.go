//go:build e2e

package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/host"
	"platform/tests/leftovers"
	"platform/tools/images"
	"platform/tools/toolchain"
)

// realOptions are those of two real nodes with nothing but the images of the
// cluster itself.
func realOptions(t *testing.T, name, dir string) (Options, *toolchain.Toolchain) {
	t.Helper()
	if err := CanRunNodes(); err != nil {
		host.Lacks(t, err)
	}
	tools := makeTools(t, toolchain.Nodes...)
	options := e2eOptions(tools, name, dir)
	options.Nodes = Real
	cache, err := toolchain.CacheFolder()
	require.NoError(t, err)
	archive, err := images.Make(t.Context(), images.Options{
		Root: "../..", Cache: filepath.Join(cache, "images"), Out: os.Stderr, Extras: []images.Extra{images.CoreDNS(tools.Path("coredns"))},
	}, []images.Image{{Ref: "redis:7.4-alpine"}})
	require.NoError(t, err)
	options.Images, err = ImageStore(t.Context(), filepath.Join(cache, "images", "stores"), archive.Path, archive.Key, os.Stderr)
	require.NoError(t, err)
	return options, tools
}

// TestRealNodes brings two real nodes up, runs a pod on each, and looks that
// nothing is left of them: neither in order nor when the process that runs the
// cluster is killed.
func TestRealNodes(t *testing.T) {
	before, err := leftovers.Look()
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "real")
	options, tools := realOptions(t, "e2e-real", dir)
	begun := time.Now()
	c, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Stop()) })
	t.Logf("two nodes are ready in %s", time.Since(begun))
	k := kubectl{tools.Kubectl(), c.Kubeconfig()}
	t.Run("pods run", func(t *testing.T) { runsPods(t, k) })
	t.Run("nodes join as on a cluster of machines", func(t *testing.T) { joined(t, k) })
	t.Run("a node that loses its power comes back", func(t *testing.T) { comesBack(t, k, dir) })
	require.NoError(t, c.Stop())
	leavesNothing(t, before)

	t.Run("its objects are there after a start", func(t *testing.T) {
		c, err := Start(t.Context(), options)
		require.NoError(t, err)
		defer func() { assert.NoError(t, c.Stop()) }()
		k.must(t, "wait", "--for=condition=Ready", "pod", "-l", "app=probe", "--timeout=60s")
	})
	leavesNothing(t, before)
	t.Run("another kind of nodes is refused", func(t *testing.T) {
		other := options
		other.Nodes = Simulated
		_, err := Start(t.Context(), other)
		require.ErrorContains(t, err, "made with real nodes")
	})
	require.NoError(t, Remove(t.Context(), dir))
	assert.NoDirExists(t, dir)
}

// runsPods runs a pod on each node that another can reach by name, with a
// volume.
func runsPods(t *testing.T, k kubectl) {
	out, err := k.run(t, probePods, "apply", "-f", "-")
	require.NoError(t, err, out)
	k.must(t, "rollout", "status", "daemonset/probe", "--timeout=90s")
	k.must(t, "wait", "--for=condition=Available", "deployment/client", "--timeout=60s")
	assert.Eventually(t, func() bool {
		out, err := k.run(t, "", "exec", "deploy/client", "--", "redis-cli", "-h", "probe.default.svc.cluster.local", "set", "key", "value")
		return err == nil && strings.Contains(out, "OK")
	}, time.Minute, time.Second, "a name leads to a pod")
	assert.Contains(t, k.must(t, "logs", "deploy/client"), "Ready to accept connections")
	pods := k.must(t, "get", "pods", "-l", "app=probe", "-o", "jsonpath={.items[*].spec.nodeName}")
	assert.ElementsMatch(t, []string{"amd", "arm"}, strings.Fields(pods))
}

// comesBack kills a node with everything that runs on it.
func comesBack(t *testing.T, k kubectl, dir string) {
	nodes, err := NodeProcesses(dir)
	require.NoError(t, err)
	container := func() string {
		return k.must(t, "get", "pods", "-l", "app=probe", "--field-selector", "spec.nodeName=amd", "-o", "jsonpath={.items[0].status.containerStatuses[0].containerID}")
	}
	before := container()
	require.NotEmpty(t, before)
	require.NoError(t, syscall.Kill(nodes["amd"], syscall.SIGKILL))
	assert.Eventually(t, func() bool { return container() != before }, 2*time.Minute, time.Second, "its pod runs in another container")
	k.must(t, "wait", "--for=condition=Ready", "node/amd", "--timeout=60s")
	k.must(t, "wait", "--for=condition=Ready", "pod", "-l", "app=probe", "--timeout=60s")
	again, err := NodeProcesses(dir)
	require.NoError(t, err)
	assert.NotEqual(t, nodes["amd"], again["amd"])
	assert.Equal(t, nodes["arm"], again["arm"], "the other went on")
}

// joined looks that nodes have no more rights than nodes.
func joined(t *testing.T, k kubectl) {
	users := k.must(t, "get", "csr", "-o", "jsonpath={range .items[*]}{.spec.signerName} {.spec.username}{\"\\n\"}{end}")
	assert.Contains(t, users, "kubernetes.io/kube-apiserver-client-kubelet system:bootstrap:")
	assert.Contains(t, users, "kubernetes.io/kubelet-serving system:node:amd")
	assert.Contains(t, k.must(t, "get", "node", "arm", "-o", "jsonpath={.spec.taints[*].key} {.metadata.labels.role}"), "dedicated data")
	out, err := k.run(t, "", "auth", "can-i", "get", "secrets", "--as=system:node:amd", "--as-group=system:nodes", "-n", "kube-system")
	require.Error(t, err, out)
	assert.Contains(t, out, "no")
}

// leavesNothing waits until this machine is as it was.
func leavesNothing(t *testing.T, before leftovers.Machine) {
	t.Helper()
	var left []string
	assert.Eventually(t, func() bool {
		after, err := leftovers.Look()
		require.NoError(t, err)
		left = after.New(before)
		return len(left) == 0
	}, 15*time.Second, 100*time.Millisecond)
	require.Empty(t, left)
}

// TestRealNodesKilled kills the process that runs a cluster: its nodes end with
// it, and what the system keeps goes with the folder.
func TestRealNodesKilled(t *testing.T) {
	before, err := leftovers.Look()
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "killed")
	realOptions(t, "spawned", dir)
	self, err := os.Executable()
	require.NoError(t, err)
	state, err := Spawn(t.Context(), SpawnOptions{
		Command: []string{self}, Dir: dir, Env: []string{runVariable + "=" + dir, nodesVariable + "=" + string(Real)},
	})
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(state.PID, syscall.SIGKILL))
	// The system takes a moment to end a process with a thousand mappings, and
	// until then the folder is its own.
	require.EventuallyWithT(t, func(c *assert.CollectT) { assert.NoError(c, Remove(t.Context(), dir)) }, 15*time.Second, 100*time.Millisecond)
	leavesNothing(t, before)
	assert.NoDirExists(t, dir)
}

const probePods = `
apiVersion: v1
kind: Service
metadata: {name: probe}
spec: {selector: {app: probe}, ports: [{port: 6379}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: client}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata: {labels: {app: probe}}
    spec:
      tolerations: [{operator: Exists}]
      containers:
      - name: redis
        image: redis:7.4-alpine
        args: [redis-server, --protected-mode, "no"]
        readinessProbe: {tcpSocket: {port: 6379}, periodSeconds: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client}
spec:
  selector: {matchLabels: {app: client}}
  template:
    metadata: {labels: {app: client}}
    spec:
      securityContext: {runAsUser: 999, runAsNonRoot: true}
      volumes: [{name: data, persistentVolumeClaim: {claimName: client}}]
      containers:
      - name: redis
        image: redis:7.4-alpine
        args: [redis-server, --dir, /data, --save, "1 1"]
        readinessProbe: {exec: {command: [sh, -c, "touch /data/written"]}, periodSeconds: 1}
        volumeMounts: [{name: data, mountPath: /data}]
`
