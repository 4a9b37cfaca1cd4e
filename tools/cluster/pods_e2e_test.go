//go:build e2e

package cluster

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkHostNetwork asserts that pods on the network of their node have its
// address, and others one of the network of pods.
func checkHostNetwork(t *testing.T, k kubectl) {
	t.Helper()
	for _, rollout := range []string{"daemonset/chunkserver", "deployment/edge", "deployment/web"} {
		k.must(t, "rollout", "status", rollout, "--timeout=60s")
	}
	k.must(t, "wait", "--timeout=60s", "--for=condition=Complete", "job/once")
	counts, machines, network := map[string]int{}, bareMetal(), netip.MustParsePrefix("10.42.0.0/16")
	for _, line := range lines(k.must(t, "get", "pods", "-o",
		`jsonpath={range .items[*]}{.metadata.ownerReferences[0].kind} {.spec.nodeName} {.status.hostIP} {.status.podIP} {.spec.hostNetwork}{"\n"}{end}`)) {
		fields := strings.Fields(line)
		require.GreaterOrEqual(t, len(fields), 4, line)
		owner, node, host, pod := fields[0], fields[1], fields[2], fields[3]
		for _, one := range machines.Nodes {
			if one.Name == node {
				assert.Equal(t, one.Address.String(), host, line)
			}
		}
		if len(fields) == 5 {
			assert.Equal(t, host, pod, line)
			counts[owner]++
			continue
		}
		assert.True(t, network.Contains(netip.MustParseAddr(pod)), line)
	}
	assert.Equal(t, map[string]int{"DaemonSet": 3, "ReplicaSet": 1, "Job": 1}, counts)
	assert.Equal(t, "192.168.3.107", k.must(t, "get", "node", "s7", "-o", `jsonpath={.status.addresses[?(@.type=="InternalIP")].address}`))
}

// checkJobs asserts that a CronJob's pods, which keep each other off their
// nodes, reach every node, and that a Job of one pod does not wait for others.
func checkJobs(t *testing.T, k kubectl) {
	t.Helper()
	var done string
	require.Eventually(t, func() bool {
		out, err := k.run(t, "", "get", "jobs", "-o",
			`jsonpath={range .items[?(@.metadata.ownerReferences[0].kind=="CronJob")]}{.metadata.name} {.status.succeeded}{"\n"}{end}`)
		done, _, _ = strings.Cut(out, " 8\n")
		return err == nil && strings.Contains(out, " 8\n")
	}, 100*time.Second, 200*time.Millisecond, "the CronJob's first Job completes within a minute of its schedule")
	nodes := map[string]int{}
	for _, node := range lines(k.must(t, "get", "pods", "-l", "job-name="+done, "-o", `jsonpath={range .items[*]}{.spec.nodeName}{"\n"}{end}`)) {
		nodes[node]++
	}
	assert.Len(t, nodes, 8, "%v", nodes)
	assert.GreaterOrEqual(t, ran(t, k, done), 2*time.Second, "time for the scheduler to place them all")
	assert.Less(t, ran(t, k, "once"), 2*time.Second, "a Job whose pod stands alone")
}

// ran is how long the first pod of a Job ran, in whole seconds.
func ran(t *testing.T, k kubectl, job string) time.Duration {
	t.Helper()
	const state = "{.items[0].status.containerStatuses[0].state.terminated"
	times := strings.Fields(k.must(t, "get", "pods", "-l", "job-name="+job, "-o", "jsonpath="+state+".startedAt} "+state+".finishedAt}"))
	require.Len(t, times, 2)
	begun, err := time.Parse(time.RFC3339, times[0])
	require.NoError(t, err)
	ended, err := time.Parse(time.RFC3339, times[1])
	require.NoError(t, err)
	return ended.Sub(begun)
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
