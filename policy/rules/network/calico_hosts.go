package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var calicoHosts = pack.Rule{
	Name: "calico-policies-leave-nodes-reachable", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a policy on nodes refuses all that it does not name: their SSH, API server and kubelet are cut off at once, the repair included",
	Remedy:    "allow the port in a policy on the nodes before any that denies it, or confine the policy to pods by namespaceSelector",
	Reference: calicoHostsPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		policies := hostPolicies(s)
		pack.Each(r, nil, r.List("ports"), func(port string) {
			if policy, at, shut := shuts(policies, port); shut {
				r.Violated(policy, at, "shuts TCP port %s of every node", port)
			}
		})
	},
	Parameters: map[string]any{"ports": []any{"22", "6443", "10250"}},
}

// shuts is the policy that refuses a port to everybody, and the rule of it
// that does; the policy's own path where that is its default deny.
func shuts(policies []pack.Object, port string) (pack.Object, pack.Value, bool) {
	for _, policy := range policies {
		for _, rule := range policy.At("spec", "ingress").Items() {
			if !names(rule, port) {
				continue
			}
			switch action := rule.At("action").Text(); {
			case action == "Deny" && toEverybody(rule):
				return policy, rule, true
			case action == "Allow" || action == "Pass":
				return pack.Object{}, pack.Value{}, false // to some at least: whom is the operator's choice
			}
		}
	}
	for _, policy := range policies {
		if !early(policy) {
			return policy, policy.At("spec", "ingress"), true
		}
	}
	return pack.Object{}, pack.Value{}, false
}

// toEverybody tells whether a rule is about all who send and all they send to,
// but for ports.
func toEverybody(rule pack.Value) bool {
	for _, side := range []string{"source", "destination"} {
		for _, key := range rule.At(side).Keys() {
			if key != "ports" && key != "notPorts" {
				return false
			}
		}
	}
	return true
}
