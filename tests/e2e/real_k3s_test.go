//go:build e2e && nodes

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/leftovers"
	"platform/tools/cluster"
)

// The hosts of Edd Cloud that the test asks, by the stack's domain.
const (
	storageHost = "storage.cloud.eddisonso.com"
	computeHost = "compute.cloud.eddisonso.com"
	healthHost  = "health.cloud.eddisonso.com"
	docsHost    = "docs.cloud.eddisonso.com"
)

// gatewayAddress is that of the description's gateway.
const gatewayAddress = "192.168.3.200"

// TestRealK3s is the life of the stack k3s-local on eight real nodes. Its steps
// build on each other.
func TestRealK3s(t *testing.T) {
	needRealNodes(t)
	before, err := leftovers.Look()
	require.NoError(t, err)
	c := newCheckoutOn(t, "k3s-local", "real")
	var r *edd
	outer := t // whose end closes what the steps share
	t.Run("up", func(t *testing.T) {
		begun := time.Now()
		out := c.make("up")
		t.Logf("up took %s", time.Since(begun).Round(time.Second))
		assert.Zero(t, count(out, "errored"), out)
		r = c.openEdd(outer)
	})
	if r == nil {
		t.Fatal("the stack is not up")
	}
	t.Run("every pod is where the description has it", func(t *testing.T) { placesEverything(t, r.live) })
	t.Run("the gateway has its address", func(t *testing.T) { givesAddress(t, r.live) })
	t.Run("the gateway lets in whom it should", func(t *testing.T) { r.letsIn(t) })
	t.Run("a user's container is reached by its port", func(t *testing.T) { r.runsContainer(t) })
	t.Run("a file is in three chunkservers", func(t *testing.T) { r.storesFile(t) })
	t.Run("a stream survives its server", func(t *testing.T) { r.keepsStream(t) })
	t.Run("everybody reaches whom they should", func(t *testing.T) { r.reachesAsComputed(t) })
	t.Run("second preview is empty", func(*testing.T) { c.make("preview", "ARGS=--expect-no-changes") })
	t.Run("clean-up empties every node", func(t *testing.T) { r.cleansNodes(t) })
	t.Run("a standby takes over with the data", func(t *testing.T) { r.failsOver(t) })
	t.Run("a node that loses its power comes back", func(t *testing.T) { r.losesNode(t) })
	t.Run("every pod carries its end", func(t *testing.T) { r.bearsEnds(t) })
	t.Run("every node is drained", func(t *testing.T) { r.bearsDrains(t) })
	t.Run("every image rolls", func(t *testing.T) { r.rollsEveryImage(t) })
	t.Run("every secret is rotated", func(t *testing.T) { r.rotatesEverything(t) })
	t.Run("down leaves nothing", func(t *testing.T) { leavesNothing(t, c, r.live) })
	t.Run("cluster-down leaves this machine as it was", func(t *testing.T) {
		c.make("cluster-down")
		leavesMachine(t, before)
	})
}

// edd is Edd Cloud, as somebody outside of it sees it.
type edd struct {
	*real
	outside *os.File // the network of the world outside
	browser *http.Client
}

// openEdd finds the world outside of a cluster that is up.
func (c *checkout) openEdd(t *testing.T) *edd {
	t.Helper()
	state, err := cluster.Status(c.clusterDir())
	require.NoError(t, err)
	outside, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", state.Thread))
	require.NoError(t, err)
	t.Cleanup(func() { _ = outside.Close() })
	e := &edd{real: c.open(t, coreNamespace), outside: outside}
	e.browser = &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
				_, port, err := net.SplitHostPort(address)
				if err != nil {
					return nil, err
				}
				return e.dial(ctx, port)
			},
			TLSClientConfig: e.client.Transport.(*http.Transport).TLSClientConfig, DisableKeepAlives: true,
		},
	}
	return e
}

// dial connects from outside to a port of the gateway.
func (e *edd) dial(ctx context.Context, port string) (net.Conn, error) {
	return cluster.DialIn(ctx, e.outside, net.JoinHostPort(gatewayAddress, port), cluster.OutsideAddress())
}

// send asks a host of Edd Cloud, from outside.
func (e *edd) send(method, host, path string, body []byte) (int, []byte, error) {
	request, err := http.NewRequest(method, "https://"+host+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	response, err := e.browser.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, text, err
}

// gets waits for an answer with a status and returns its text.
func (e *edd) gets(t *testing.T, method, host, path string, body []byte, status int) []byte {
	t.Helper()
	var text []byte
	var last string
	require.Eventually(t, func() bool {
		found, answer, err := e.send(method, host, path, body)
		text, last = answer, fmt.Sprintf("%d %.300s %v", found, answer, err)
		return err == nil && found == status
	}, realPatience, time.Second, "%s %s%s is answered with %d", method, host, path, status)
	require.NotEmpty(t, last)
	return text
}

// letsIn tries the gateway's ports from outside, and its hosts.
func (e *edd) letsIn(t *testing.T) {
	for _, host := range []string{storageHost, healthHost, docsHost} {
		e.gets(t, http.MethodGet, host, "/", nil, http.StatusOK)
	}
	status, _, err := e.send(http.MethodGet, "nobody.cloud.eddisonso.com", "/", nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, status)
	for _, port := range []string{"80", "443", "2222"} {
		connection, err := e.dial(t.Context(), port)
		require.NoError(t, err, "port %s is open", port)
		require.NoError(t, connection.Close())
	}
	// The gateway's health, others of the node that announces the address, and
	// a port that no user has asked for.
	for _, port := range []string{"22", "5432", "8080", "9000", "9091", "10250", "8999"} {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		_, err := e.dial(ctx, port)
		cancel()
		assert.Error(t, err, "port %s is closed", port)
	}
}

// runsContainer starts a user's container and reaches it by the port of its
// rule: from the nodes' network, and not from the world, as the description's
// core-isolation has it.
func (e *edd) runsContainer(t *testing.T) {
	e.gets(t, http.MethodPost, computeHost, "/standin/containers/ada/web?port=8000", nil, http.StatusCreated)
	require.Eventually(t, func() bool {
		_, text, err := e.send(http.MethodGet, computeHost, "/standin/containers/ada/web", nil)
		return err == nil && strings.Contains(string(text), "Running")
	}, realPatience, time.Second, "the container runs")
	require.Eventually(t, func() bool {
		connection, err := cluster.DialIn(t.Context(), e.outside, net.JoinHostPort(gatewayAddress, "8000"), netip.Addr{})
		if err != nil {
			return false
		}
		defer connection.Close()
		_ = connection.SetDeadline(time.Now().Add(3 * time.Second))
		_, _ = io.WriteString(connection, "GET / HTTP/1.0\r\n\r\n")
		text, _ := io.ReadAll(connection)
		return strings.Contains(string(text), "a user's container")
	}, time.Minute, time.Second, "it answers at its port")
	_, err := e.dial(t.Context(), "8000")
	assert.Error(t, err, "the world does not reach it")
	e.gets(t, http.MethodDelete, computeHost, "/standin/containers/ada", nil, http.StatusOK)
}

// storesFile stores 3 MB, loses a chunkserver and reads them back.
func (e *edd) storesFile(t *testing.T) {
	content := make([]byte, 3<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(content)
	e.gets(t, http.MethodPut, storageHost, "/standin/files/photo", content, http.StatusCreated)
	var chunks []struct{ Holders []struct{ ID string } }
	require.NoError(t, json.Unmarshal(e.gets(t, http.MethodGet, storageHost, "/standin/files/photo/chunks", nil, http.StatusOK), &chunks))
	require.Len(t, chunks, 3)
	for _, one := range chunks {
		assert.Len(t, one.Holders, 3, "every chunk has three holders")
	}
	first := e.podsOf(t, "gfs-chunkserver")[0]
	e.kubectl(t, "delete", "pod", first.Name, "--grace-period=0", "--force", "--wait=true")
	assert.True(t, bytes.Equal(content, e.gets(t, http.MethodGet, storageHost, "/standin/files/photo", nil, http.StatusOK)), "the same bytes come back")
	e.kubectl(t, "rollout", "status", "daemonset/gfs-chunkserver", "--timeout=120s")
}

// messages is how many messages a stream holds, by NATS' own word.
func (e *edd) messages(stream string) (int, error) {
	text, err := e.tryKubectl("get", "--raw", "/api/v1/namespaces/core/services/nats:8222/proxy/jsz?accounts=true&streams=true")
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, text)
	}
	var told struct {
		Accounts []struct {
			Streams []struct {
				Name  string
				State struct{ Messages int }
			} `json:"stream_detail"`
		} `json:"account_details"`
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return 0, err
	}
	for _, account := range told.Accounts {
		for _, one := range account.Streams {
			if one.Name == stream {
				return one.State.Messages, nil
			}
		}
	}
	return 0, errors.New("no stream " + stream)
}

// keepsStream kills NATS: its streams are there again with their messages, and
// whoever heard them hears on.
func (e *edd) keepsStream(t *testing.T) {
	before, err := e.messages("CLUSTER")
	require.NoError(t, err)
	require.Positive(t, before, "cluster-monitor has told of the nodes")
	e.kill(t, "nats")
	require.Eventually(t, func() bool {
		now, err := e.messages("CLUSTER")
		return err == nil && now > before
	}, realPatience, time.Second, "more than %d messages", before)
	assert.NotContains(t, e.make("up"), "does not hear", "every consumer hears")
}

// cleansNodes runs the daily clean-up: an image that nothing uses is gone from
// every node, and what runs can still start again.
func (e *edd) cleansNodes(t *testing.T) {
	nodes, err := cluster.NodeProcesses(e.clusterDir())
	require.NoError(t, err)
	require.Len(t, nodes, 8)
	unused := func(node string) string { // what runs on other nodes alone: see placement
		if node == "rp1" {
			return "eddisonso/ecloud-auth"
		}
		return "library/haproxy"
	}
	for name, pid := range nodes {
		require.Contains(t, e.crictl(t, pid, "images"), unused(name), "node %s has the images of all others", name)
	}
	cleansEveryNode(t, e.live)
	for name, pid := range nodes {
		assert.NotContains(t, e.crictl(t, pid, "images"), unused(name), "node %s", name)
	}
	e.kubectl(t, "rollout", "restart", "deployment/edd-cloud-docs")
	e.kubectl(t, "rollout", "status", "deployment/edd-cloud-docs", "--timeout=150s")
}

// crictl runs a node's own.
func (e *edd) crictl(t *testing.T, pid int, args ...string) string {
	t.Helper()
	out, err := onNode(pid, append([]string{"crictl"}, args...)...)
	require.NoError(t, err, out)
	return out
}

// onNode runs a command in the namespaces of a node.
func onNode(pid int, command ...string) (string, error) {
	args := append([]string{"--target", fmt.Sprint(pid), "--mount", "--net", "--pid", "--uts", "--ipc", "--"}, command...)
	out, err := exec.Command("nsenter", args...).CombinedOutput()
	return string(out), err
}

// failsOver follows the runbook: the old primary comes back as a standby, takes
// the data over, and is promoted.
func (e *edd) failsOver(t *testing.T) {
	const servers = "platform:postgres.servers."
	e.edit("k3s-local", servers+"postgres.role", "replica")
	e.edit("k3s-local", servers+"postgres.enabled", true)
	e.make("up")
	e.gets(t, http.MethodPut, storageHost, "/standin/files/late", []byte("kept"), http.StatusCreated)
	ask := func(sql string) string {
		out, err := e.tryKubectl("exec", "deployment/postgres", "-c", "postgres", "--", "psql", "-U", "eddcloud", "-d", "sfs_db", "-Atc", sql)
		if err != nil {
			return out + err.Error()
		}
		return strings.TrimSpace(out)
	}
	require.Eventually(t, func() bool { return ask("SELECT pg_is_in_recovery()") == "t" }, realPatience, time.Second, "the standby follows")
	require.Eventually(t, func() bool { return ask("SELECT count(*) FROM files WHERE name = 'late'") == "1" }, time.Minute, time.Second, "it has the row")
	e.edit("k3s-local", servers+"postgres.role", "promoted")
	e.edit("k3s-local", servers+"postgres-replica.role", "replica")
	e.edit("k3s-local", servers+"postgres-replica.enabled", false)
	begun := time.Now()
	e.make("up")
	t.Logf("fail-over took %s", time.Since(begun).Round(time.Second))
	assert.Equal(t, "f", ask("SELECT pg_is_in_recovery()"))
	assert.Equal(t, "kept", string(e.gets(t, http.MethodGet, storageHost, "/standin/files/late", nil, http.StatusOK)))
	e.gets(t, http.MethodPut, storageHost, "/standin/files/later", []byte("written"), http.StatusCreated)
}

// losesNode cuts the power of the node that the gateway does not run on.
func (e *edd) losesNode(t *testing.T) {
	nodes, err := cluster.NodeProcesses(e.clusterDir())
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(nodes["s2"], syscall.SIGKILL))
	assert.Len(t, e.gets(t, http.MethodGet, storageHost, "/standin/files/photo", nil, http.StatusOK), 3<<20, "two chunkservers are enough to read")
	e.kubectl(t, "wait", "--for=condition=Ready", "node/s2", "--timeout=90s")
	e.kubectl(t, "rollout", "status", "daemonset/gfs-chunkserver", "--timeout=120s")
	e.gets(t, http.MethodPut, storageHost, "/standin/files/after", []byte("three again"), http.StatusCreated)
}
