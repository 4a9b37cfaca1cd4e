//go:build e2e

package cluster

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostPolicy lets TCP to the ports of a machine in, before addresses are
// translated.
const hostPolicy = `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: allow-host-chunkserver}
` + hostPolicySpec

const hostPolicySpec = `spec:
  order: 10
  preDNAT: true
  applyOnForward: true
  selector: all()
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    destination: {ports: [9080, 9081, 22, 6443, 10250]}
`

// checkCalico asserts that the server takes what Calico takes, and refuses what
// it refuses.
func checkCalico(t *testing.T, k kubectl) {
	t.Helper()
	for name, tc := range map[string]struct{ old, new, want string }{
		"valid":                {"", "", ""},
		"range and name":       {"[9080,", `["8000:8999", http, 9080,`, ""},
		"protocol by number":   {"protocol: TCP", "protocol: 6", ""},
		"every match":          {"protocol: TCP", everyMatch, ""},
		"untracked":            {"preDNAT", "doNotTrack", ""},
		"plain":                {"preDNAT: true\n  applyOnForward: true", "performanceHints: [AssumeNeededOnEveryNode]", ""},
		"not forwarded":        {"applyOnForward: true", "applyOnForward: false", "set applyOnForward"},
		"forwarding unsaid":    {"  applyOnForward: true\n", "", "set applyOnForward"},
		"both":                 {"order: 10", "doNotTrack: true", "exclude each other"},
		"egress rules":         {"order: 10", "egress: [{action: Allow}]", "remove egress"},
		"type egress":          {"[Ingress]", "[Ingress, Egress]", "remove egress"},
		"unknown type":         {"[Ingress]", "[ingress]", `supported values: "Ingress", "Egress"`},
		"unknown action":       {"action: Allow", "action: Accept", `supported values: "Allow", "Deny", "Log", "Pass"`},
		"no action":            {"action: Allow\n    protocol", "protocol", "spec.ingress[0].action: Required value"},
		"unknown protocol":     {"protocol: TCP", "protocol: tcp", "spec.ingress[0].protocol"},
		"protocol too high":    {"protocol: TCP", "protocol: 256", "spec.ingress[0].protocol"},
		"ports of none":        {"    protocol: TCP\n", "", "set protocol to TCP, UDP or SCTP"},
		"ports of ICMP":        {"protocol: TCP", "protocol: ICMP", "set protocol to TCP, UDP or SCTP"},
		"port too high":        {"[9080,", "[65536,", "spec.ingress[0].destination.ports[0]"},
		"half a range":         {"[9080,", `["8000:",`, "spec.ingress[0].destination.ports[0]"},
		"address for network":  {"protocol: TCP", "protocol: TCP\n    source: {nets: [192.168.3.1]}", "spec.ingress[0].source.nets[0]"},
		"service and selector": {"protocol: TCP", "protocol: TCP\n    source: {services: {name: a}, selector: all()}", "services selects alone"},
		"denied path":          {"action: Allow", "action: Deny\n    http: {methods: [GET]}", "the action Allow only"},
		"path twice":           {"protocol: TCP", "protocol: TCP\n    http: {paths: [{exact: /a, prefix: /b}]}", "spec.ingress[0].http.paths[0]"},
		"path on the way out":  {"preDNAT: true", "egress: [{action: Allow, http: {methods: [GET]}}]", "egress matches no HTTP"},
		"unknown hint":         {"order: 10", "performanceHints: [Fast]", `supported values: "AssumeNeededOnEveryNode"`},
		"unknown field":        {"order: 10", "priority: 10", `unknown field "spec.priority"`},
		"no spec":              {hostPolicySpec, "", "spec: Required value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, hostPolicy, tc.old)
			out, err := k.run(t, strings.Replace(hostPolicy, tc.old, tc.new, 1), "create", "--dry-run=server", "-f", "-")
			if tc.want == "" {
				require.NoError(t, err, out)
				return
			}
			require.Error(t, err)
			assert.Contains(t, out, tc.want)
		})
	}
}

// everyMatch is a rule with each kind of match that the reference names.
const everyMatch = `protocol: TCP
    metadata: {annotations: {owner: devops}}
    notProtocol: UDPLite
    icmp: {type: 8, code: 0}
    notICMP: {type: 254, code: 255}
    ipVersion: 4
    http: {methods: [GET], paths: [{exact: /a}, {prefix: /b}]}
    source:
      nets: [192.168.0.0/16]
      notNets: ["fd00::/64"]
      selector: role == 'frontend'
      notSelector: has(a)
      namespaceSelector: global()
      notPorts: [1]
      serviceAccounts: {names: [web], selector: all()}`
