package plan

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func TestAddressesThatAreGivenUp(t *testing.T) {
	service := func(kind, annotations, rest string) string {
		return "{metadata: {namespace: core, name: gateway, annotations: {" + annotations + "}}, spec: {type: " + kind + rest + "}}"
	}
	asks := func(addresses string) string {
		return service("LoadBalancer", "metallb.io/loadBalancerIPs: '"+addresses+"'", "")
	}
	pool := func(addresses string) string {
		return "{metadata: {namespace: metallb-system, name: pool}, spec: {addresses: [" + addresses + "]}}"
	}
	for name, c := range map[string]struct{ before, after, status, want string }{
		"as it was":                 {asks("192.0.2.1"), asks("192.0.2.1"), "", ""},
		"another address":           {asks("192.0.2.1"), asks("192.0.2.2"), "", "address 192.0.2.1 → 192.0.2.2"},
		"no address":                {asks("192.0.2.1"), service("LoadBalancer", "", ""), "", "address 192.0.2.1 → nothing"},
		"one of two":                {asks("192.0.2.1, 2001:db8::1"), asks("192.0.2.1"), "", "address 192.0.2.1, 2001:db8::1 → 192.0.2.1"},
		"a second one":              {asks("192.0.2.1"), asks("2001:db8::1,192.0.2.1"), "", ""},
		"the older annotation":      {service("LoadBalancer", "metallb.universe.tf/loadBalancerIPs: 192.0.2.1", ""), asks("192.0.2.1"), "", ""},
		"the field":                 {service("LoadBalancer", "", ", loadBalancerIP: 192.0.2.1"), service("LoadBalancer", "", ", loadBalancerIP: 192.0.2.2"), "", "address 192.0.2.1 → 192.0.2.2"},
		"the one that it was given": {service("LoadBalancer", "", ""), asks("192.0.2.7"), "192.0.2.7", ""},
		"not the one it was given":  {service("LoadBalancer", "", ""), asks("192.0.2.1"), "192.0.2.7", "address 192.0.2.7 → 192.0.2.1"},
		"none in particular":        {service("LoadBalancer", "", ""), service("LoadBalancer", "a: b", ""), "192.0.2.7", ""},
		"not known yet":             {asks("192.0.2.1"), asks(Unknown), "", ""},
		"inside the cluster alone":  {asks("192.0.2.1"), service("ClusterIP", "", ""), "", "type LoadBalancer → ClusterIP"},
		"a port of the nodes":       {service("LoadBalancer", "", ""), service("NodePort", "", ""), "", "type LoadBalancer → NodePort"},
		"no load balancer before":   {service("ClusterIP", "", ""), asks("192.0.2.1"), "", ""},
		"a larger pool":             {pool("192.0.2.10-192.0.2.20"), pool("192.0.2.0/24"), "", ""},
		"the same in parts":         {pool("192.0.2.10-192.0.2.20"), pool("192.0.2.10-192.0.2.12, 192.0.2.13 - 192.0.2.20"), "", ""},
		"a smaller pool":            {pool("192.0.2.10-192.0.2.20"), pool("192.0.2.10-192.0.2.18"), "", "no more in it: 192.0.2.19-192.0.2.20"},
		"without one of them":       {pool("192.0.2.0/30"), pool("192.0.2.0-192.0.2.1, 192.0.2.3/32"), "", "no more in it: 192.0.2.2"},
		"another pool":              {pool("192.0.2.10-192.0.2.11"), pool("2001:db8::/64"), "", "no more in it: 192.0.2.10-192.0.2.11"},
		"a pool not known yet":      {pool("192.0.2.10-192.0.2.20"), pool(Unknown), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			kind := "core/v1:Service"
			if strings.Contains(c.before, "addresses:") {
				kind = "metallb.io/v1beta1:IPAddressPool"
			}
			step := becomes(t, kind, c.before, c.after)
			if c.status != "" {
				step.Old.Outputs = map[string]any{"status": map[string]any{"loadBalancer": map[string]any{"ingress": []any{map[string]any{"ip": c.status}}}}}
			}
			changes := Changes([]apitype.StepEventMetadata{step}, nil)
			if c.want == "" {
				assert.Empty(t, changes)
				return
			}
			require.Len(t, changes, 1)
			assert.Equal(t, config.WaiveAddress, changes[0].Kind)
			assert.Equal(t, c.want, changes[0].Why)
			waiver := config.Waiver{Resource: changes[0].Resource, Change: config.WaiveAddress, Reason: "reported"}
			assert.Equal(t, "reported", Changes([]apitype.StepEventMetadata{step}, []config.Waiver{waiver})[0].Waived)
		})
	}
}
