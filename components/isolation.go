package components

import (
	"errors"
	"fmt"
	"net/netip"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeIsolation = "platform:components:Isolation" // the state remembers it: change it only with an alias

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
	App      App
	Name     string         // of the NetworkPolicy
	Networks []netip.Prefix // that reach every port of every pod
	World    []int          // container ports that anybody reaches, on whatever pod listens there; none is nobody
}

// Validate returns every fault at once.
func (a IsolationArgs) Validate() error {
	faults := []error{required("name", a.Name), checkPorts("world", a.World)}
	for i, network := range a.Networks {
		if !network.IsValid() || network != network.Masked() {
			faults = append(faults, fmt.Errorf("networks[%d]: %s is no network; write its first address and its length, such as 10.42.0.0/16", i, network))
		}
	}
	return errors.Join(faults...)
}

// checkPorts says which of a field's ports are none, or are there twice.
func checkPorts(field string, ports []int) error {
	var faults []error
	seen := map[int]bool{}
	for i, port := range ports {
		if port < 1 || port > 65535 {
			faults = append(faults, fmt.Errorf("%s[%d]: %d is no port; use 1 to 65535", field, i, port))
		}
		if seen[port] {
			faults = append(faults, fmt.Errorf("%s[%d]: %d is there twice; keep one", field, i, port))
		}
		seen[port] = true
	}
	return errors.Join(faults...)
}

// NewIsolation registers the policy.
func NewIsolation(ctx *pulumi.Context, name string, args IsolationArgs, opts ...pulumi.ResourceOption) (*Isolation, error) {
	if err := join("isolation", name, args.Validate()); err != nil {
		return nil, err
	}
	i := &Isolation{}
	if err := ctx.RegisterComponentResource(typeIsolation, name, i, opts...); err != nil {
		return nil, fmt.Errorf("register isolation %q: %w", name, err)
	}
	_, err := networkingv1.NewNetworkPolicy(ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: args.App.named("isolation", args.Name),
		Spec: networkingv1.NetworkPolicySpecArgs{
			PodSelector: selector(nil),
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
			Ingress:     args.rules(),
		},
	}, pulumi.Parent(i))
	if err != nil {
		return nil, fmt.Errorf("isolation %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(i, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("isolation %q outputs: %w", name, err)
	}
	return i, nil
}

func (a IsolationArgs) rules() networkingv1.NetworkPolicyIngressRuleArray {
	own := networkingv1.NetworkPolicyPeerArgs{PodSelector: selector(nil)}
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
