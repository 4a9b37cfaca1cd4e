// Package network says who may reach whom: network policies of Kubernetes and
// of Calico.
package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
)

// Policies are the policies of one namespace, made from a list of
// flows: each flow is written into the policy of either end that lives in the
// namespace, so the two sides never disagree.
type Policies struct {
	pulumi.ResourceState
}

// Flow allows connections from one peer to one port of another. One of the
// two is a component of the namespace; what is not allowed is refused.
type Flow struct {
	From, To Peer
	Port     int  // on the container, not the Service: policies see the pod's address
	UDP      bool // else TCP
}

// PoliciesArgs lists what may be reached.
type PoliciesArgs struct {
	App        object.App
	Flows      []Flow
	DenyOthers bool              // refuse all else, in both directions, for every pod of the namespace
	DNS        Peer              // which every pod may ask; required with DenyOthers
	DNSPort    int               // default 53
	Resolvers  []netip.Addr      // which every pod may ask beside them, at port 53
	Names      map[string]string // component to object name, where something outside refers to it
	NameSuffix string            // of the resources; default network-policy
}

// NewPolicies registers one policy a component that a flow names.
func NewPolicies(ctx *pulumi.Context, name string, args PoliciesArgs, opts ...pulumi.ResourceOption) (*Policies, error) {
	args.NameSuffix = cmp.Or(args.NameSuffix, "network-policy")
	return object.Register(ctx, "NetworkPolicies", name, &Policies{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		if args.DenyOthers {
			if err := args.newDefaultDeny(ctx, child); err != nil {
				return nil, fmt.Errorf("default deny: %w", err)
			}
		}
		for _, component := range args.components() {
			if err := args.newPolicy(ctx, component, child); err != nil {
				return nil, fmt.Errorf("of %s: %w", component, err)
			}
		}
		return nil, nil
	})
}

func (a PoliciesArgs) components() []string {
	var names []string
	for _, f := range a.Flows {
		for _, peer := range []Peer{f.From, f.To} {
			if peer.component != "" {
				names = append(names, peer.component)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// newDefaultDeny refuses everything in both directions but questions to the
// cluster's DNS, without which no allowed flow finds its peer.
func (a PoliciesArgs) newDefaultDeny(ctx *pulumi.Context, opts ...pulumi.ResourceOption) error {
	asked := networkingv1.NetworkPolicyEgressRuleArray{questions(cmp.Or(a.DNSPort, 53), a.DNS.args(a.App))}
	if len(a.Resolvers) > 0 {
		var peers networkingv1.NetworkPolicyPeerArray
		for _, address := range a.Resolvers {
			peers = append(peers, Addresses(netip.PrefixFrom(address, address.BitLen())).args(a.App))
		}
		asked = append(asked, questions(53, peers...))
	}
	_, err := networkingv1.NewNetworkPolicy(ctx, "default-deny", &networkingv1.NetworkPolicyArgs{
		Metadata: a.App.Unnamed("default-deny"),
		Spec: networkingv1.NetworkPolicySpecArgs{
			PodSelector: object.LabelSelector(nil),
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
			Egress:      asked,
		},
	}, opts...)
	return err
}

// questions lets pods ask peers that resolve names.
func questions(port int, peers ...networkingv1.NetworkPolicyPeerInput) networkingv1.NetworkPolicyEgressRuleArgs {
	return networkingv1.NetworkPolicyEgressRuleArgs{
		To:    networkingv1.NetworkPolicyPeerArray(peers),
		Ports: networkingv1.NetworkPolicyPortArray{portArgs(Flow{Port: port, UDP: true}), portArgs(Flow{Port: port})},
	}
}

func (a PoliciesArgs) newPolicy(ctx *pulumi.Context, component string, opts ...pulumi.ResourceOption) error {
	meta := a.App.Unnamed(component)
	if fixed := a.Names[component]; fixed != "" {
		meta = a.App.Named(component, fixed)
	}
	spec := networkingv1.NetworkPolicySpecArgs{PodSelector: object.LabelSelector(a.App.Selector(component))}
	types := pulumi.StringArray{}
	if rules := a.ingress(component); len(rules) > 0 {
		spec.Ingress, types = rules, append(types, pulumi.String("Ingress"))
	}
	if rules := a.egress(component); len(rules) > 0 {
		spec.Egress, types = rules, append(types, pulumi.String("Egress"))
	}
	spec.PolicyTypes = types
	_, err := networkingv1.NewNetworkPolicy(ctx, component+"-"+a.NameSuffix, &networkingv1.NetworkPolicyArgs{
		Metadata: meta, Spec: spec,
	}, opts...)
	return err
}

func (a PoliciesArgs) ingress(component string) networkingv1.NetworkPolicyIngressRuleArray {
	var rules networkingv1.NetworkPolicyIngressRuleArray
	for _, f := range a.Flows {
		if f.To.component == component {
			rules = append(rules, networkingv1.NetworkPolicyIngressRuleArgs{
				From:  networkingv1.NetworkPolicyPeerArray{f.From.args(a.App)},
				Ports: networkingv1.NetworkPolicyPortArray{portArgs(f)},
			})
		}
	}
	return rules
}

func (a PoliciesArgs) egress(component string) networkingv1.NetworkPolicyEgressRuleArray {
	var rules networkingv1.NetworkPolicyEgressRuleArray
	for _, f := range a.Flows {
		if f.From.component == component {
			rules = append(rules, networkingv1.NetworkPolicyEgressRuleArgs{
				To:    networkingv1.NetworkPolicyPeerArray{f.To.args(a.App)},
				Ports: networkingv1.NetworkPolicyPortArray{portArgs(f)},
			})
		}
	}
	return rules
}

func portArgs(f Flow) networkingv1.NetworkPolicyPortArgs {
	return networkingv1.NetworkPolicyPortArgs{
		Port: pulumi.Int(f.Port), Protocol: pod.Port{UDP: f.UDP}.Protocol(),
	}
}
