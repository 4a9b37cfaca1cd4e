package reach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

// gnp is a policy of Calico's for everything.
func gnp(name, spec string) string {
	return "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: " + name + "}, spec: " + spec + "}\n---\n"
}

func hosts(kind reach.HostEndpoints) reach.Surroundings {
	with := around
	with.Hosts = kind
	return with
}

func TestCalicoPoliciesOfPods(t *testing.T) {
	const denyAll = "{podSelector: {}, policyTypes: [Ingress]}"
	for name, tc := range map[string]struct {
		policies string
		want     map[string]string
	}{
		"selects pods by label": {
			gnp("one", "{selector: \"app == 'db'\", ingress: [{action: Allow, protocol: TCP, destination: {ports: [81, '90:92']}}]}"),
			map[string]string{"world > a/db": "81,90-92", "world > a/api": "all", "a/db > world": "all", "world > a/agent": "all"},
		},
		"the first that matches decides": {
			gnp("b", "{order: 20, selector: all(), ingress: [{action: Allow}]}") + gnp("a", "{order: 10, selector: all(), ingress: [{action: Deny, protocol: TCP, destination: {ports: [22]}}]}"),
			map[string]string{"world > a/db": "1-21,23-65535,all/SCTP,all/UDP"},
		},
		"equal orders by name": {
			gnp("b", "{order: 10, selector: all(), ingress: [{action: Deny}]}") + gnp("a", "{order: 10, selector: all(), ingress: [{action: Allow, protocol: 6}]}"),
			map[string]string{"world > a/db": "all/TCP"},
		},
		"before NetworkPolicies": {
			gnp("early", "{order: 10, selector: all(), ingress: [{action: Allow, protocol: UDP, destination: {ports: [53]}}]}") + np(denyAll),
			map[string]string{"world > a/db": "53/UDP"},
		},
		"refused before NetworkPolicies": {
			gnp("early", "{order: 10, selector: all(), ingress: [{action: Deny, protocol: TCP, destination: {ports: [1]}}]}") + np("{podSelector: {}, ingress: [{ports: [{port: 1}, {port: 2}]}]}"),
			map[string]string{"world > a/db": "2"},
		},
		"after NetworkPolicies": {
			gnp("late", "{order: 2000, selector: all(), ingress: [{action: Deny}]}") + np("{podSelector: {}, ingress: [{ports: [{port: 1}]}]}"),
			map[string]string{"world > a/db": "1", "world > b/job": "none"},
		},
		"without order is last": {
			gnp("last", "{selector: all(), ingress: [{action: Deny}]}") + gnp("first", "{order: 5000, selector: all(), ingress: [{action: Allow, protocol: TCP}]}"),
			map[string]string{"world > a/db": "all/TCP"},
		},
		"what no rule says is refused": {
			gnp("one", "{selector: all(), types: [Ingress, Egress]}"), map[string]string{"world > a/db": "none", "a/db > world": "none"},
		},
		"types by default": {
			gnp("one", "{selector: all(), egress: [{action: Deny}]}"), map[string]string{"world > a/db": "all", "a/db > world": "none"},
		},
		"pass leads to what pods have without policies": {
			gnp("one", "{order: 1, selector: all(), ingress: [{action: Log}, {action: Pass, protocol: TCP}]}") + np(denyAll), map[string]string{"world > a/db": "all/TCP"},
		},
		"sources by selector, namespace and network": {
			gnp("one", `{selector: all(), namespaceSelector: "team == 'red'", ingress: [
				{action: Allow, protocol: TCP, source: {selector: "app == 'api'"}, destination: {ports: [1]}},
				{action: Allow, protocol: TCP, source: {namespaceSelector: "team == 'blue'"}, destination: {ports: [2]}},
				{action: Allow, protocol: TCP, source: {nets: [192.168.0.0/16]}, destination: {ports: [3]}},
				{action: Allow, protocol: TCP, source: {notNets: [192.168.0.0/16, 10.0.0.0/8]}, destination: {ports: [4]}},
				{action: Allow, protocol: TCP, source: {namespaceSelector: global()}, destination: {ports: [5]}}]}`),
			map[string]string{
				"a/api > a/db": "1", "b/job > a/db": "1-2", "nodes > a/db": "3,5", "world > a/db": "4-5", "overlay > a/db": "none", "a/db > b/job": "all",
			},
		},
		"a selector of the policy's own namespace": {
			"{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: one, namespace: a}, spec: {ingress: [{action: Allow, source: {selector: \"app == 'api'\"}}]}}\n---\n",
			map[string]string{"a/api > a/db": "all", "b/job > a/db": "none", "a/db > b/job": "all"},
		},
		"ports by name, and exceptions": {
			gnp("one", "{selector: all(), ingress: [{action: Allow, protocol: TCP, destination: {ports: [http, '1:10'], notPorts: [5]}}]}"),
			map[string]string{"world > a/db": "1-4,6-10,81", "world > a/api": "1-4,6-10,8080"},
		},
		"not a protocol": {gnp("one", "{selector: all(), ingress: [{action: Deny, notProtocol: TCP}, {action: Allow}]}"), map[string]string{"world > a/db": "all/TCP"}},
		"what may not match refuses nothing and may allow": {
			gnp("one", `{selector: all(), ingress: [
				{action: Deny, protocol: TCP, source: {nets: [10.42.1.0/24]}, destination: {ports: [1]}},
				{action: Deny, protocol: TCP, source: {ports: [99]}, destination: {ports: [1]}},
				{action: Allow, protocol: TCP, source: {nets: [10.42.1.0/24]}, destination: {ports: [1, 2]}},
				{action: Allow, protocol: TCP, source: {serviceAccounts: {names: [x]}}, destination: {ports: [3]}},
				{action: Deny, protocol: TCP, http: {methods: [GET]}, destination: {ports: [4]}},
				{action: Allow, protocol: TCP, destination: {ports: [4]}}]}`),
			map[string]string{"b/job > a/db": "1-4", "world > a/db": "3-4"},
		},
		"what is for nodes alone says nothing of pods": {
			gnp("one", "{selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Deny}]}") +
				gnp("two", "{selector: all(), doNotTrack: true, applyOnForward: true, ingress: [{action: Deny}]}"),
			map[string]string{"world > a/db": "all", "a/api > a/db": "all"},
		},
	} {
		t.Run(name, func(t *testing.T) { check(t, matrix(t, pods+tc.policies, around), tc.want) })
	}
}

func TestCalicoPoliciesOfNodes(t *testing.T) {
	const (
		chunks   = "{order: 10, selector: all(), preDNAT: true, applyOnForward: true, types: [Ingress], ingress: [{action: Allow, protocol: TCP, destination: {ports: [9080]}}]}"
		failsafe = "22,179,2379-2380,5473,6443,6666-6667,"
		nodePort = "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: a}, spec: {type: NodePort, selector: {app: api}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}}\n---\n"
	)
	for name, tc := range map[string]struct {
		objects string
		hosts   reach.HostEndpoints
		want    map[string]string
	}{
		"without host endpoints nothing is checked": {gnp("one", "{selector: all(), ingress: [{action: Deny}]}"), reach.HostsNone, map[string]string{
			"world > a/agent": "all", "world > nodes": "all",
		}},
		"open ones are open": {gnp("one", chunks), reach.HostsOpen, map[string]string{"world > a/agent": "all", "world > a/db": "all", "a/agent > world": "all"}},
		"closed ones keep the failsafe ports": {"", reach.HostsClosed, map[string]string{
			"world > a/agent": failsafe + "68/UDP", "a/agent > world": "all", "a/db > a/agent": failsafe + "68/UDP", "world > a/db": "all",
		}},
		"before addresses are translated": {gnp("one", chunks), reach.HostsClosed, map[string]string{"world > a/agent": failsafe + "9080,68/UDP", "world > a/db": "all"}},
		"open ones close when a policy is about them": {
			gnp("one", "{selector: all(), ingress: [{action: Allow, protocol: TCP, destination: {ports: [1]}}]}"), reach.HostsOpen,
			map[string]string{"world > nodes": "1," + failsafe + "68/UDP", "world > a/db": "1"},
		},
		"an early refusal holds for what passes through": {
			gnp("one", "{selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Deny, protocol: TCP, destination: {ports: [81]}}]}"), reach.HostsOpen,
			map[string]string{"world > a/db": "1-80,82-65535,all/SCTP,all/UDP", "b/job > a/db": "all", "world > a/agent": "1-80,82-65535,all/SCTP,all/UDP"},
		},
		"what is not for what passes through leaves it alone": {
			gnp("one", "{selector: \"has(projectcalico.org/created-by)\", ingress: [{action: Deny}]}"), reach.HostsOpen,
			map[string]string{"world > a/db": "all", "world > nodes": failsafe + "68/UDP"},
		},
		"what is for it refuses": {
			gnp("one", "{selector: \"has(projectcalico.org/created-by)\", applyOnForward: true, ingress: [{action: Allow, protocol: UDP}]}"), reach.HostsOpen,
			map[string]string{"world > a/db": "all/UDP", "overlay > a/db": "all"},
		},
		"untracked before all": {
			gnp("one", "{selector: all(), doNotTrack: true, applyOnForward: true, ingress: [{action: Allow, protocol: UDP, destination: {ports: [7]}}]}") +
				gnp("two", "{selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Deny}]}"), reach.HostsOpen,
			map[string]string{"world > nodes": failsafe + "7/UDP,68/UDP"},
		},
		"a policy of a namespace is about no node": {
			"{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: one, namespace: a}, spec: {ingress: [{action: Deny}]}}", reach.HostsOpen,
			map[string]string{"world > a/agent": "all", "world > a/db": "none"},
		},
		"a node's port that is refused leads nowhere": {
			nodePort + np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}") +
				gnp("one", "{selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Deny, protocol: TCP, destination: {ports: [30080]}}]}"), reach.HostsOpen,
			map[string]string{"world > a/api": "none", "overlay > a/api": "8080"},
		},
		"a node's port that is not refused": {
			nodePort + np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}") + gnp("one", chunks), reach.HostsOpen,
			map[string]string{"world > a/api": "8080", "overlay > a/api": "8080", "world > a/db": "none"},
		},
	} {
		t.Run(name, func(t *testing.T) { check(t, matrix(t, pods+tc.objects, hosts(tc.hosts)), tc.want) })
	}
}

func TestCalicoPoliciesThatCannotBeReadAreErrors(t *testing.T) {
	for name, tc := range map[string]struct{ object, want string }{
		"selector":       {gnp("one", "{selector: app}"), `policy one of Calico: selector "app"`},
		"source":         {gnp("one", "{ingress: [{action: Allow, source: {selector: x(}}]}"), "selector"},
		"namespaces":     {gnp("one", "{namespaceSelector: 'a ='}"), "a value in quotes is missing"},
		"net":            {gnp("one", "{ingress: [{action: Allow, source: {nets: [x]}}]}"), `"x"`},
		"action":         {gnp("one", "{ingress: [{action: allow}]}"), `action: "allow" is not one of`},
		"tier":           {gnp("one", "{tier: security}"), `tier: "security" is not checked`},
		"both places":    {gnp("one", "{preDNAT: true, doNotTrack: true}"), "preDNAT: goes not with doNotTrack"},
		"not on forward": {gnp("one", "{preDNAT: true}"), "applyOnForward: is false"},
		"egress early":   {gnp("one", "{preDNAT: true, applyOnForward: true, egress: [{action: Allow}]}"), "egress: a policy before DNAT has none"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, err := objects.Cluster(&pack.Stack{Objects: packtest.Objects(t, tc.object)})
			require.NoError(t, err)
			_, err = reach.NewEvaluator(cluster, around)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestKindsThatAreNotCheckedAreErrors(t *testing.T) {
	for _, object := range []string{
		"{apiVersion: projectcalico.org/v3, kind: HostEndpoint, metadata: {name: x}}",
		"{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: x}}",
		"{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: x}}",
	} {
		_, err := objects.Cluster(&pack.Stack{Objects: packtest.Objects(t, object)})
		assert.ErrorContains(t, err, "/x: what ")
	}
}
