package reach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"platform/policy/reach"
)

// TestWays has a Service at every node's port that hides its clients, and a
// pod that lets the nodes in alone.
func TestWays(t *testing.T) {
	m := matrix(t, pods+np("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}], ports: [{port: 81}]}]}")+`
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: a}, spec: {type: NodePort, selector: {app: db}, ports: [{port: 80, targetPort: http, nodePort: 30081}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: kept, namespace: a}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: db}, ports: [{port: 82, targetPort: 81}]}}
`, around)
	ways := m.Ways("a/db")
	require.Len(t, ways, 2)
	assert.Equal(t, "81", ways[0].Target.String())
	assert.True(t, ways[0].Node)
	assert.Equal(t, 30081, ways[0].Port)
	assert.Equal(t, "81", m.By(ways[0], "world", "a/db").String(), "the pod sees a node")
	assert.False(t, ways[1].Node)
	assert.True(t, ways[1].Preserves)
	assert.Empty(t, m.By(ways[1], "world", "a/db"), "the pod sees the client")
	assert.Empty(t, m.Direct("world", "a/db"))
	assert.Equal(t, "81", m.Direct("nodes", "a/db").String())
	assert.Empty(t, m.Ways("world"))
	assert.Empty(t, m.Ways("nobody"))
	assert.Empty(t, m.Direct("nobody", "a/db"))
}

func TestNumbers(t *testing.T) {
	ports := reach.TCP(22, 80, 81).Union(reach.UDP(53)).Union(reach.Ports{{Protocol: corev1.ProtocolTCP, From: 8000, To: 8999}})
	assert.Equal(t, []int{22, 80, 81, 8000, 8249, 8499, 8749, 8999}, ports.Numbers(corev1.ProtocolTCP, 5))
	assert.Equal(t, []int{53}, ports.Numbers(corev1.ProtocolUDP, 5))
	assert.Equal(t, []int{22, 80, 8000}, ports.Numbers(corev1.ProtocolTCP, 1))
}
