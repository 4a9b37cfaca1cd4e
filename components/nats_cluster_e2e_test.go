//go:build e2e

package components_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNATSClusterBearsALoss(t *testing.T) {
	servers := newNATS(t, natsClusterArgs(), "StatefulSet")
	servers[0].start(t)
	eventually(t, "the first server runs", func() bool { return servers[0].probe("livenessProbe") })
	assert.False(t, servers[0].probe("readinessProbe"), "one of three is no cluster")
	servers[1].start(t)
	servers[2].start(t)
	for _, server := range servers {
		server.awaitReady(t)
		var known struct {
			Name    string `json:"server_name"`
			Cluster struct{ Name string }
		}
		require.NoError(t, server.get("/varz", &known))
		assert.Equal(t, server.pod, known.Name, "the others know it again")
		assert.Equal(t, "nats", known.Cluster.Name)
	}
	require.Empty(t, servers[0].newStream(t, "AUTH", 3, -1))
	require.NotZero(t, servers[1].request(t, "auth.login", "somebody").Seq)

	first, rest := split(t, servers)
	first.kill(t)
	for _, server := range rest {
		eventually(t, "another leader", func() bool { return server.leader() != "" && server.leader() != first.pod })
		eventually(t, "a ready server", func() bool { return server.probe("readinessProbe") })
	}
	var sequence int
	eventually(t, "a stream that takes messages", func() bool {
		answer, err := rest[0].ask(t, "auth.login", "somebody else", time.Second)
		sequence = answer.Seq
		return err == nil && sequence > 0
	})
	first.start(t)
	first.awaitReady(t)
	assert.Equal(t, sequence, first.messages(t, "AUTH"), "it has caught up")
}

// Without a majority no stream takes messages, and that is no reason to
// restart the server that is left.
func TestNATSWithoutMajorityWaits(t *testing.T) {
	servers := newNATS(t, natsClusterArgs(), "StatefulSet")
	for _, server := range servers {
		server.start(t)
	}
	for _, server := range servers {
		server.awaitReady(t)
	}
	servers[1].kill(t)
	servers[2].kill(t)
	last := servers[0]
	eventually(t, "not ready", func() bool { return !last.probe("readinessProbe") && !last.probe("startupProbe") })
	assert.True(t, last.probe("livenessProbe"))
	servers[1].start(t)
	last.awaitReady(t)
}

// split parts the leader from the others.
func split(t *testing.T, servers []*natsServer) (leader *natsServer, others []*natsServer) {
	t.Helper()
	name := servers[0].leader()
	for _, server := range servers {
		if server.pod == name {
			leader = server
			continue
		}
		others = append(others, server)
	}
	require.NotNil(t, leader)
	return leader, others
}
