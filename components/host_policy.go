package components

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeHostPolicy = "platform:components:HostPolicy" // the state remembers it: change it only with an alias

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

// HostPolicyArgs shapes the policy. Nothing has a default.
type HostPolicyArgs struct {
	App   App
	Name  string
	Order int     // over 0; lower numbers act first
	Ports [][]int // TCP, of every node, open to everybody: one rule a group, in this order
}

// Validate returns every fault at once.
func (a HostPolicyArgs) Validate() error {
	faults := []error{required("name", a.Name)}
	if a.Order < 1 {
		faults = append(faults, fmt.Errorf("order: %d is below 1; set 1 or more", a.Order))
	}
	if len(a.Ports) == 0 {
		faults = append(faults, errors.New("ports: there is none, so the policy would keep nothing open; list them"))
	}
	for i, group := range a.Ports {
		field := fmt.Sprintf("ports[%d]", i)
		if len(group) == 0 {
			faults = append(faults, fmt.Errorf("%s: is empty, and a rule without ports opens all; list them", field))
		}
		faults = append(faults, checkPorts(field, group))
	}
	return errors.Join(faults...)
}

// NewHostPolicy registers the policy.
func NewHostPolicy(ctx *pulumi.Context, name string, args HostPolicyArgs, opts ...pulumi.ResourceOption) (*HostPolicy, error) {
	if err := join("host policy", name, args.Validate()); err != nil {
		return nil, err
	}
	h := &HostPolicy{}
	if err := ctx.RegisterComponentResource(typeHostPolicy, name, h, opts...); err != nil {
		return nil, fmt.Errorf("register host policy %q: %w", name, err)
	}
	if _, err := newCustom(ctx, name, args.policy(), pulumi.Parent(h)); err != nil {
		return nil, fmt.Errorf("host policy %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(h, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("host policy %q outputs: %w", name, err)
	}
	return h, nil
}

// policy acts on the port that the client asked for, before a Service's rules
// lead it elsewhere. Calico refuses preDNAT without applyOnForward.
func (a HostPolicyArgs) policy() custom {
	var rules []any
	for _, ports := range a.Ports {
		rules = append(rules, map[string]any{
			"action": "Allow", "protocol": "TCP", "destination": map[string]any{"ports": ports},
		})
	}
	return custom{
		apiVersion: calicoAPI, kind: "GlobalNetworkPolicy", metadata: a.App.global("host-policy", a.Name),
		spec: map[string]any{
			"order": a.Order, "preDNAT": true, "applyOnForward": true,
			"selector": "all()", "types": []string{"Ingress"}, "ingress": rules,
		},
	}
}
