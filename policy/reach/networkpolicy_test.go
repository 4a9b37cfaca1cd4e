package reach_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

// around is the addresses of the tests' cluster.
var around = reach.Surroundings{
	Nodes: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16")},
	Pods:  []netip.Prefix{netip.MustParsePrefix("10.42.0.0/16")},
}

// pods are those of every case: two in the namespace a, one in b, and one of a
// on its node's network.
const pods = `
{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {team: red}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {team: blue}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: a, labels: {app: api, tier: web}}, spec: {containers: [
  {name: api, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}, {name: sig, containerPort: 90, protocol: SCTP}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: a, labels: {app: db}}, spec: {containers: [{name: db, ports: [{name: http, containerPort: 81}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: b, labels: {app: api}}, spec: {containers: [{name: job}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent, namespace: a, labels: {app: api}}, spec: {hostNetwork: true, containers: [{name: agent, ports: [{name: http, containerPort: 9100}]}]}}
---
`

// np is a NetworkPolicy of the namespace a.
func np(spec string) string {
	return "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: a}, spec: " + spec + "}\n---\n"
}

func matrix(t *testing.T, documents string, around reach.Surroundings) *reach.Matrix {
	t.Helper()
	cluster, err := objects.Cluster(&pack.Stack{Name: "test", Objects: packtest.Objects(t, documents)})
	require.NoError(t, err)
	evaluator, err := reach.NewEvaluator(cluster, around)
	require.NoError(t, err)
	return evaluator.NewMatrix()
}

// check compares cells, each named FROM > TO.
func check(t *testing.T, m *reach.Matrix, want map[string]string) {
	t.Helper()
	for _, pair := range slices.Sorted(maps.Keys(want)) {
		from, to, _ := strings.Cut(pair, " > ")
		for _, name := range []string{from, to} {
			require.True(t, slices.ContainsFunc(m.Endpoints, func(e *reach.Endpoint) bool { return e.String() == name }), "no endpoint %s", name)
		}
		assert.Equal(t, want[pair], m.Allowed(from, to).String(), pair)
	}
}

// TestNetworkPolicies has the examples of the API's documentation, and what it
// says of each field.
func TestNetworkPolicies(t *testing.T) {
	for name, tc := range map[string]struct {
		policies string
		want     map[string]string
	}{
		"without a policy all is allowed": {"", map[string]string{
			"a/api > a/db": "all", "b/job > a/api": "all", "world > a/api": "all", "a/api > world": "all", "nodes > a/api": "all", "overlay > a/db": "all",
		}},
		"deny all ingress": {np("{podSelector: {}, policyTypes: [Ingress]}"), map[string]string{
			"a/db > a/api": "none", "b/job > a/api": "none", "world > a/db": "none", "nodes > a/db": "none", "a/agent > a/db": "none",
			"a/api > world": "all", "a/api > b/job": "all", "world > a/agent": "all", "overlay > a/api": "none",
		}},
		"allow all ingress": {np("{podSelector: {}, ingress: [{}], policyTypes: [Ingress]}"), map[string]string{
			"a/db > a/api": "all", "world > a/api": "all", "b/job > a/db": "all",
		}},
		"deny all egress": {np("{podSelector: {}, policyTypes: [Egress]}"), map[string]string{
			"a/db > a/api": "none", "a/api > b/job": "none", "a/api > world": "none", "world > a/db": "all", "b/job > a/db": "all", "a/agent > world": "all",
			"a/api > nodes": "none", "a/api > a/agent": "none",
		}},
		"allow all egress": {np("{podSelector: {}, egress: [{}], policyTypes: [Egress]}"), map[string]string{"a/api > world": "all", "a/api > a/db": "all"}},
		"a policy of one pod": {np("{podSelector: {matchLabels: {app: db}}}"), map[string]string{
			"a/api > a/db": "none", "a/db > a/api": "all", "b/job > a/api": "all",
		}},
		"types by default are those with rules": {np("{podSelector: {}, egress: [{ports: [{port: 1}]}]}"), map[string]string{
			"world > a/api": "none", "a/api > world": "1",
		}},
		"rules of a direction that is not of the types do nothing": {np("{podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: 1}]}]}"), map[string]string{
			"world > a/api": "none", "a/api > world": "all",
		}},
		"pods of the same namespace": {np("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}"), map[string]string{
			"a/api > a/db": "all", "a/db > a/api": "none", "b/job > a/db": "none", "a/agent > a/db": "none", "overlay > a/db": "none",
		}},
		"an empty selector is every pod of the namespace": {np("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"), map[string]string{
			"a/api > a/db": "all", "b/job > a/db": "none", "overlay > a/db": "none", "world > a/db": "none",
		}},
		"an empty selector of namespaces is every pod": {np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"), map[string]string{
			"a/api > a/db": "all", "b/job > a/db": "all", "overlay > a/db": "all", "world > a/db": "none", "nodes > a/db": "none", "a/agent > a/db": "none",
		}},
		"pods and namespace together": {
			np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: api}}}]}]}"),
			map[string]string{"b/job > a/db": "all", "a/api > a/db": "none"},
		},
		"pods or namespace": {
			np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}, {podSelector: {matchLabels: {app: api}}}]}]}"),
			map[string]string{"b/job > a/db": "all", "a/api > a/db": "all", "a/db > a/api": "none"},
		},
		"a namespace by its name": {
			np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}]}]}"),
			map[string]string{"b/job > a/db": "all", "a/api > a/db": "none"},
		},
		"expressions": {
			np("{podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}, ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [api, web]}, {key: tier, operator: NotIn, values: [data]}]}}]}]}"),
			map[string]string{"a/api > a/db": "all", "world > a/db": "none", "world > a/api": "all"},
		},
		"everybody to one port":        {np("{podSelector: {}, ingress: [{ports: [{port: 81}]}]}"), map[string]string{"world > a/db": "81", "b/job > a/db": "81"}},
		"no peers listed is everybody": {np("{podSelector: {}, ingress: [{from: [], ports: [{port: 81}]}]}"), map[string]string{"world > a/db": "81"}},
		"no rules listed is nobody":    {np("{podSelector: {}, ingress: []}"), map[string]string{"world > a/db": "none"}},
		"protocols": {
			np("{podSelector: {}, ingress: [{ports: [{port: 1}, {port: 2, protocol: UDP}, {protocol: SCTP}]}]}"),
			map[string]string{"world > a/db": "1,all/SCTP,2/UDP"},
		},
		"a range of ports": {np("{podSelector: {}, egress: [{ports: [{port: 32000, endPort: 32768}]}], policyTypes: [Egress]}"), map[string]string{
			"a/api > world": "32000-32768",
		}},
		"a port by name is that of the containers reached": {
			np("{podSelector: {}, ingress: [{ports: [{port: http}, {port: dns, protocol: UDP}, {port: sig}]}], policyTypes: [Ingress]}"),
			map[string]string{"world > a/api": "8080,53/UDP", "world > a/db": "81"},
		},
		"a port by name on the way out": {
			np("{podSelector: {}, egress: [{ports: [{port: http}]}], policyTypes: [Egress]}"),
			map[string]string{"a/db > a/api": "8080", "a/api > a/db": "81", "a/api > b/job": "none", "a/api > world": "none"},
		},
		"addresses with exceptions": {
			np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}}], ports: [{port: 6379}]}]}"),
			map[string]string{
				"world > a/db": "none", "172.17.0.0/24 172.17.2.0/23 172.17.4.0/22 5 more > a/db": "6379", "a/api > a/db": "none",
			},
		},
		"addresses of the overlay are every pod": {
			np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.42.0.0/16}}]}]}"),
			map[string]string{"a/api > a/db": "all", "b/job > a/db": "all", "overlay > a/db": "all", "world > a/db": "none", "nodes > a/db": "none", "a/agent > a/db": "none"},
		},
		"addresses of the nodes are those on their network, too": {
			np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}"),
			map[string]string{"nodes > a/db": "all", "a/agent > a/db": "all", "b/job > a/db": "none", "world > a/db": "none"},
		},
		"a part of the overlay may be any pod": {
			np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.42.3.0/24}}]}]}"), map[string]string{"b/job > a/db": "all"},
		},
		"policies add up": {
			np("{podSelector: {}}") + np("{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 1}]}]}") + np("{podSelector: {}, ingress: [{ports: [{port: 2}]}]}"),
			map[string]string{"world > a/db": "1-2", "world > a/api": "2"},
		},
		"both ends have to allow": {
			np("{podSelector: {matchLabels: {app: api}}, egress: [{ports: [{port: 1}, {port: 2}]}], policyTypes: [Egress]}") +
				np("{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 2}, {port: 3}]}]}"),
			map[string]string{"a/api > a/db": "2", "b/job > a/db": "2-3", "a/api > b/job": "1-2"},
		},
		"the documentation's example": {
			np(`{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress],
				ingress: [{from: [{ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}}, {namespaceSelector: {matchLabels: {team: blue}}},
					{podSelector: {matchLabels: {tier: web}}}], ports: [{protocol: TCP, port: 6379}]}],
				egress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: [{protocol: TCP, port: 5978}]}]}`),
			map[string]string{
				"b/job > a/db": "6379", "a/api > a/db": "6379", "world > a/db": "none", "a/db > 10.0.0.0/24": "5978", "a/db > world": "none", "a/db > a/api": "none",
				"172.17.0.0/24 172.17.2.0/23 172.17.4.0/22 5 more > a/db": "6379",
			},
		},
		"pods of a namespace outside": {
			np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: mon}}, podSelector: {matchLabels: {app: prom}}}]}]}"),
			map[string]string{"mon (app=prom) > a/db": "all", "others in mon > a/db": "none", "overlay > a/db": "none"},
		},
	} {
		t.Run(name, func(t *testing.T) { check(t, matrix(t, pods+tc.policies, around), tc.want) })
	}
}

// TestEndpointsAreThereOnce has a policy that names by namespace and by network
// what the matrix has already.
func TestEndpointsAreThereOnce(t *testing.T) {
	m := matrix(t, pods+np("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}, {ipBlock: {cidr: 192.168.0.0/17}}, {ipBlock: {cidr: 10.42.0.0/16}}]}]}"), around)
	var names []string
	for _, e := range m.Endpoints {
		names = append(names, e.String())
	}
	assert.Equal(t, []string{"a/agent", "a/api", "a/db", "b/job", "nodes", "overlay", "link-local", "world"}, names)
}

func TestPoliciesThatCannotBeReadAreErrors(t *testing.T) {
	for name, tc := range map[string]struct{ spec, want string }{
		"network":       {"{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/40}}]}]}", "NetworkPolicy a/p: "},
		"exception":     {"{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [ten]}}]}]}", `"ten"`},
		"operator":      {"{podSelector: {matchExpressions: [{key: a, operator: Like}]}}", "Like"},
		"no peer":       {"{podSelector: {}, egress: [{to: [{}]}]}", "a peer names neither addresses, nor pods, nor namespaces"},
		"range of name": {"{podSelector: {}, egress: [{ports: [{port: http, endPort: 9}]}]}", "endPort 9: needs a port with a number"},
		"range":         {"{podSelector: {}, ingress: [{ports: [{port: 10, endPort: 9}]}]}", "endPort 9"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, err := objects.Cluster(&pack.Stack{Objects: packtest.Objects(t, pods+np(tc.spec))})
			require.NoError(t, err)
			_, err = reach.NewEvaluator(cluster, around)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
