package components_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/network"
)

var registerNetwork = registers("network", network.NewPolicies)

// flows reads the allowed connections back from one side of the policies, as
// "from > to port protocol".
func flows(resources record, direction, peers string, format string) []string {
	var found []string
	for _, policy := range resources.of("NetworkPolicy") {
		own := dig(policy.Inputs, "spec", "podSelector", "matchLabels", "app")
		for _, rule := range list(policy.Inputs, "spec", direction) {
			for _, peer := range list(rule, peers) {
				other := dig(peer, "podSelector", "matchLabels", "app")
				if own == nil || dig(peer, "namespaceSelector") != nil || dig(peer, "ipBlock") != nil {
					continue
				}
				for _, port := range list(rule, "ports") {
					found = append(found, fmt.Sprintf(format, own, other)+fmt.Sprint(" ", dig(port, "port"), " ", dig(port, "protocol")))
				}
			}
		}
	}
	return found
}

func TestBothSidesOfAFlowAgree(t *testing.T) {
	args := networkArgs()
	args.Flows = append(args.Flows, network.Flow{
		From: network.Component("backend"), To: network.Component("resolver"), Port: 53, UDP: true,
	})
	resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
	want := []string{"frontend > backend 8000 TCP", "backend > redis 6379 TCP", "backend > resolver 53 UDP"}
	assert.ElementsMatch(t, want, flows(resources, "egress", "to", "%v > %v"))
	assert.ElementsMatch(t, want, flows(resources, "ingress", "from", "%[2]v > %[1]v"))
}

// A direction that a policy names without a rule is closed; one with rules
// that it does not name stays open.
func TestPolicyTypesMatchTheRules(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, networkArgs()) })
	for name, want := range map[string][]any{
		"frontend-network-policy": {"Egress"},
		"backend-network-policy":  {"Ingress", "Egress"},
		"redis-network-policy":    {"Ingress"},
		"default-deny":            {"Ingress", "Egress"},
	} {
		spec := resources.one(t, "NetworkPolicy", name).Inputs["spec"]
		assert.ElementsMatch(t, want, dig(spec, "policyTypes"), name)
		if name != "default-deny" {
			assert.Equal(t, dig(spec, "ingress") != nil, assert.ObjectsAreEqual(want[0], "Ingress"), name)
		}
	}
}

// A pod selector alone looks into the policy's own namespace, where the
// ingress controller never runs; two peers instead of one would let in every
// pod of the controller's namespace, and every look-alike of ours.
func TestIngressControllerIsFoundInItsNamespace(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, networkArgs()) })
	policy := resources.one(t, "NetworkPolicy", "backend-network-policy")
	assert.Equal(t, []any{map[string]any{
		"namespaceSelector": map[string]any{"matchLabels": map[string]any{"kubernetes.io/metadata.name": "ingress-nginx"}},
		"podSelector":       map[string]any{"matchLabels": map[string]any{"app": "ingress-nginx"}},
	}}, dig(policy.Inputs, "spec", "ingress", 0, "from"))
}

func TestAllElseIsRefusedButDNS(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, networkArgs()) })
	spec := resources.one(t, "NetworkPolicy", "default-deny").Inputs["spec"]
	assert.Empty(t, dig(spec, "podSelector", "matchLabels"), "every pod of the namespace")
	assert.Nil(t, dig(spec, "ingress"))
	egress := list(spec, "egress")
	require.Len(t, egress, 1)
	require.Len(t, dig(egress, 0, "to"), 1)
	assert.Equal(t, "kube-system", dig(egress, 0, "to", 0, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"))
	assert.Equal(t, []any{
		map[string]any{"port": 53.0, "protocol": "UDP"}, map[string]any{"port": 53.0, "protocol": "TCP"},
	}, dig(egress, 0, "ports"))

	args := networkArgs()
	args.DNS, args.DNSPort = network.PodsIn("openshift-dns", nil), 5353
	resources = run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
	rule := dig(resources.one(t, "NetworkPolicy", "default-deny").Inputs, "spec", "egress", 0)
	assert.Equal(t, "openshift-dns", dig(rule, "to", 0, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"))
	assert.Equal(t, 5353.0, dig(rule, "ports", 0, "port"))

	args.Resolvers = []netip.Addr{netip.MustParseAddr("169.254.20.10"), netip.MustParseAddr("fd00::a")}
	resources = run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
	egress = list(resources.one(t, "NetworkPolicy", "default-deny").Inputs["spec"], "egress")
	assert.Equal(t, rule, dig(egress, 0), "the pods stay")
	assert.Equal(t, []any{
		map[string]any{"ipBlock": map[string]any{"cidr": "169.254.20.10/32"}}, map[string]any{"ipBlock": map[string]any{"cidr": "fd00::a/128"}},
	}, dig(egress, 1, "to"))
	assert.Equal(t, []any{
		map[string]any{"port": 53.0, "protocol": "UDP"}, map[string]any{"port": 53.0, "protocol": "TCP"},
	}, dig(egress, 1, "ports"))

	args = networkArgs()
	args.DenyOthers = false
	resources = run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
	for _, policy := range resources.of("NetworkPolicy") {
		assert.NotEqual(t, "default-deny", policy.Name)
	}
}

func TestPolicyNames(t *testing.T) {
	args := networkArgs()
	args.Names, args.NameSuffix = map[string]string{"backend": "backend-network-policy"}, "metrics-policy"
	resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
	assert.Equal(t, "backend-network-policy", dig(resources.one(t, "NetworkPolicy", "backend-metrics-policy").Inputs, "metadata", "name"))
	assert.Nil(t, dig(resources.one(t, "NetworkPolicy", "redis-metrics-policy").Inputs, "metadata", "name"))
}
