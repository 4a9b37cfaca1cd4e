package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestHostPolicyFaults(t *testing.T) {
	type h = components.HostPolicyArgs
	refuses(t, hostPolicyArgs, registers("allow-host-chunkserver", components.NewHostPolicy), map[string]fault[h]{
		"no name":     {func(a *h) { a.Name = "" }, `host policy "allow-host-chunkserver": name: is missing`},
		"no order":    {func(a *h) { a.Order = 0 }, "order: 0 is below 1"},
		"no ports":    {func(a *h) { a.Ports = nil }, "ports: there is none, so the policy would keep nothing open"},
		"empty group": {func(a *h) { a.Ports[0] = nil }, "ports[0]: is empty, and a rule without ports opens all"},
		"no port":     {func(a *h) { a.Ports[0][0] = 0 }, "ports[0][0]: 0 is no port"},
		"port 65536":  {func(a *h) { a.Ports[1][0] = 65536 }, "ports[1][0]: 65536 is no port"},
		"port twice":  {func(a *h) { a.Ports[1][2] = 22 }, "ports[1][2]: 22 is there twice; keep one"},
	})
}

// The seed's policy, with its groups as it lists them.
func TestHostPolicy(t *testing.T) {
	policy := run(t, registering("allow-host-chunkserver", components.NewHostPolicy, hostPolicyArgs())).one(t, "GlobalNetworkPolicy").Inputs
	assert.Equal(t, "projectcalico.org/v3", policy["apiVersion"])
	assert.Equal(t, "GlobalNetworkPolicy", policy["kind"])
	assert.Equal(t, "allow-host-chunkserver", dig(policy, "metadata", "name"))
	assert.Nil(t, dig(policy, "metadata", "namespace"), "it has none")
	allow := func(ports ...any) any {
		return map[string]any{"action": "Allow", "protocol": "TCP", "destination": map[string]any{"ports": ports}}
	}
	assert.Equal(t, map[string]any{
		"order": 10.0, "preDNAT": true, "applyOnForward": true, "selector": "all()", "types": []any{"Ingress"},
		"ingress": []any{allow(9080.0, 9081.0), allow(22.0, 6443.0, 10250.0)},
	}, policy["spec"])
}

// What the policy opens first is where the chunkservers listen.
func TestHostPolicyOpensTheChunkserversPorts(t *testing.T) {
	assert.Equal(t, []int{components.ChunkserverPort, components.ChunkserverReplicationPort}, hostPolicyArgs().Ports[0])
}
