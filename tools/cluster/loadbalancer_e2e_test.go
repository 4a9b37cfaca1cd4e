//go:build e2e

package cluster

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
	"platform/tools/toolchain"
)

// bareMetal is a topology of eight machines with addresses, two of which refuse
// pods that tolerate nothing.
func bareMetal() config.Topology {
	topology := config.Topology{
		LoadBalancer: config.LoadBalancer{Namespace: "metallb-system"},
		NodeNetwork:  netip.MustParsePrefix("192.168.3.0/24"),
		PodNetwork:   netip.MustParsePrefix("10.42.0.0/16"),
	}
	for i := range 8 {
		one := config.Node{
			Name: fmt.Sprintf("s%d", i), Address: netip.AddrFrom4([4]byte{192, 168, 3, byte(100 + i)}), Architecture: "amd64",
			CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi"),
		}
		switch {
		case i < 3:
			one.Labels = map[string]string{"role": "chunkserver"}
		case i > 5:
			one.Taints = []config.Taint{{Key: "dedicated", Value: "data", Effect: "NoSchedule"}}
		}
		topology.Nodes = append(topology.Nodes, one)
	}
	return topology
}

// TestClusterOfMachines runs the cluster that stands for machines in a rack:
// with load balancers, host networks and Calico's policies.
func TestClusterOfMachines(t *testing.T) {
	tools := makeTools(t, toolchain.LoadBalancer...)
	options := e2eOptions(tools, "e2e-machines", filepath.Join(t.TempDir(), "machines"))
	options.Topology = bareMetal()
	c, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Stop()) })
	k := kubectl{tools.Kubectl(), c.Kubeconfig()}
	k.must(t, "apply", "-f", "testdata/machines.yaml") // its CronJob waits for the minute meanwhile
	t.Run("addresses of Services", func(t *testing.T) { checkLoadBalancer(t, k) })
	t.Run("host network", func(t *testing.T) { checkHostNetwork(t, k) })
	t.Run("Calico", func(t *testing.T) { checkCalico(t, k) })
	t.Run("a Job on every node", func(t *testing.T) { checkJobs(t, k) })
	t.Run("loopback", func(t *testing.T) { checkLoopback(t, c) })

	require.Len(t, running(c), 6)
	kill(t, c, processOf(c, loadBalancerName))

	again, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, again.Stop()) })
	k.must(t, "delete", "service", "gateway")
	k.must(t, "wait", "--timeout=60s", "--for="+addressIs, "service/second")
	left := running(again)
	begun := time.Now()
	require.NoError(t, again.Stop())
	t.Logf("stopped in %s", time.Since(begun))
	requireGone(t, left)
}

const addressIs = "jsonpath={.status.loadBalancer.ingress[0].ip}=192.168.3.200"

// checkLoadBalancer asserts that a Service gets the address of a pool that it
// asks for, however many ports it has, and that no other gets the same.
func checkLoadBalancer(t *testing.T, k kubectl) {
	t.Helper()
	for _, name := range []string{"gateway", "second"} {
		out, err := k.run(t, gateway(t, name), "create", "-f", "-")
		require.NoError(t, err, out)
		if name == "gateway" {
			k.must(t, "wait", "--timeout=60s", "--for="+addressIs, "service/gateway")
		}
	}
	events := []string{"get", "events", "--field-selector=reason=AllocationFailed,involvedObject.name=second", "-o", "jsonpath={.items[*].message}"}
	require.Eventually(t, func() bool {
		out, err := k.run(t, "", events...)
		return err == nil && out != ""
	}, 20*time.Second, 200*time.Millisecond, "the second Service is refused")
	assert.Contains(t, k.must(t, events...), "address also in use by default/gateway")
	assert.Empty(t, k.must(t, "get", "service", "second", "-o", "jsonpath={.status.loadBalancer.ingress}"))
	assert.Empty(t, k.must(t, "get", "service", "gateway", "-o", "jsonpath={.spec.ports[*].nodePort}"))
}

// gateway is a Service of 1,003 ports that asks for the last address of the
// pool.
func gateway(t *testing.T, name string) string {
	t.Helper()
	var ports []map[string]any
	for _, port := range []int{80, 443, 2222} {
		ports = append(ports, map[string]any{"name": fmt.Sprintf("p%d", port), "port": port})
	}
	for port := 8000; port <= 8999; port++ {
		ports = append(ports, map[string]any{"name": fmt.Sprintf("p%d", port), "port": port})
	}
	require.Len(t, ports, 1003)
	text, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Service",
		"metadata": map[string]any{"name": name, "annotations": map[string]string{"metallb.io/loadBalancerIPs": "192.168.3.200"}},
		"spec": map[string]any{
			"type": "LoadBalancer", "externalTrafficPolicy": "Local", "allocateLoadBalancerNodePorts": false,
			"selector": map[string]string{"app": "gateway"}, "ports": ports,
		},
	})
	require.NoError(t, err)
	return string(text)
}
