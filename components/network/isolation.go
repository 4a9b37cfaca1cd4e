package network

import (
	"net/netip"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// world is every address of IPv4, the one protocol that the cluster speaks.
const world = "0.0.0.0/0"

// Isolation closes a namespace to whom it does not list. It covers neither
// what leaves the namespace nor pods on their node's network, whose traffic
// is the node's: see [HostPolicy].
type Isolation struct {
	pulumi.ResourceState
}

// IsolationArgs lists who may enter, beside the namespace's own pods. App and
// Name have no default.
type IsolationArgs struct {
	App      object.App
	Name     string         // of the NetworkPolicy
	Networks []netip.Prefix // that reach every port of every pod
	World    []int          // container ports that anybody reaches, on whatever pod listens there; none is nobody
}

// NewIsolation registers the policy.
func NewIsolation(ctx *pulumi.Context, name string, args IsolationArgs, opts ...pulumi.ResourceOption) (*Isolation, error) {
	return object.Register(ctx, "Isolation", name, &Isolation{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		_, err := networkingv1.NewNetworkPolicy(ctx, name, &networkingv1.NetworkPolicyArgs{
			Metadata: args.App.Named("isolation", args.Name),
			Spec: networkingv1.NetworkPolicySpecArgs{
				PodSelector: object.LabelSelector(nil),
				PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
				Ingress:     args.rules(),
			},
		}, child)
		return nil, err
	})
}

func (a IsolationArgs) rules() networkingv1.NetworkPolicyIngressRuleArray {
	own := networkingv1.NetworkPolicyPeerArgs{PodSelector: object.LabelSelector(nil)}
	rules := networkingv1.NetworkPolicyIngressRuleArray{admit(own)}
	for _, network := range a.Networks {
		rules = append(rules, admit(block(network.String())))
	}
	if len(a.World) > 0 { // a rule without ports would open all of them
		rules = append(rules, admit(block(world), a.World...))
	}
	return rules
}

func block(cidr string) networkingv1.NetworkPolicyPeerArgs {
	return networkingv1.NetworkPolicyPeerArgs{IpBlock: networkingv1.IPBlockArgs{Cidr: pulumi.String(cidr)}}
}

// admit lets a peer reach ports, all when there are none.
func admit(peer networkingv1.NetworkPolicyPeerArgs, ports ...int) networkingv1.NetworkPolicyIngressRuleArgs {
	rule := networkingv1.NetworkPolicyIngressRuleArgs{From: networkingv1.NetworkPolicyPeerArray{peer}}
	var open networkingv1.NetworkPolicyPortArray
	for _, port := range ports {
		open = append(open, portArgs(Flow{Port: port}))
	}
	if len(open) > 0 {
		rule.Ports = open
	}
	return rule
}
