package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

// calicoAPI is Calico's, served by an API server of its own.
const calicoAPI = "projectcalico.org/v3"

// HostPolicy keeps ports of the nodes themselves open. A NetworkPolicy sees
// pods with addresses of their own; SSH, the API server, the kubelet and pods
// on their node's network are the node's, and what it may receive Calico asks
// of policies on its HostEndpoint.
//
// The policy closes nothing. Rules before DNAT have no default deny: what
// matches none of them goes on to the policies of the pod or, at a node, to
// the ones of its HostEndpoint. Without HostEndpoints it does nothing at all.
// One that an operator names refuses the rest, but for Calico's failsafe
// ports: of ours 22 and 6443 are among those, the kubelet's and the
// chunkservers' are not. One that Calico makes by itself refuses nothing
// until another policy selects it.
type HostPolicy struct {
	pulumi.ResourceState
}

// HostPolicyArgs shapes the policy. The ports of the chunkservers are open in
// any case.
type HostPolicyArgs struct {
	config.HostPolicy
	App object.App
}

// NewHostPolicy registers the policy.
func NewHostPolicy(ctx *pulumi.Context, name string, args HostPolicyArgs, opts ...pulumi.ResourceOption) (*HostPolicy, error) {
	return object.Register(ctx, "HostPolicy", name, &HostPolicy{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		_, err := object.NewCustom(ctx, name, args.policy(), child)
		return nil, err
	})
}

// policy acts on the port that the client asked for, before a Service's rules
// lead it elsewhere. Calico refuses preDNAT without applyOnForward.
func (a HostPolicyArgs) policy() object.Custom {
	var rules []any
	for _, ports := range [][]int{config.ChunkserverPorts, a.Ports} {
		rules = append(rules, map[string]any{
			"action": "Allow", "protocol": "TCP", "destination": map[string]any{"ports": ports},
		})
	}
	return object.Custom{
		APIVersion: calicoAPI, Kind: "GlobalNetworkPolicy", Metadata: a.App.Global("host-policy", a.Name),
		Spec: map[string]any{
			"order": a.Order, "preDNAT": true, "applyOnForward": true,
			"selector": "all()", "types": []string{"Ingress"}, "ingress": rules,
		},
	}
}
