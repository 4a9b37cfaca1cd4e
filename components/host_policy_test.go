package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/network"
)

// The policy as it has always been, group by group.
func TestHostPolicy(t *testing.T) {
	policy := run(t, registering("allow-host-chunkserver", network.NewHostPolicy, hostPolicyArgs())).one(t, "GlobalNetworkPolicy").Inputs
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
