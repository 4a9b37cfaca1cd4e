package network

import (
	"net/netip"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// Peer is one end of a [Flow]; build it with [Component], [PodsIn] or
// [Addresses].
type Peer struct {
	component string
	namespace string
	labels    map[string]string
	cidr      netip.Prefix
	except    []netip.Prefix
}

// Component is the pods of one component of the policies' own namespace.
func Component(name string) Peer { return Peer{component: name} }

// PodsIn is pods of another namespace: those with the labels, all when there
// are none. The namespace is part of the peer because a pod selector alone
// looks only into the policy's own.
func PodsIn(namespace string, labels map[string]string) Peer {
	return Peer{namespace: namespace, labels: labels}
}

// Addresses is a range outside the cluster, less the exceptions.
func Addresses(cidr netip.Prefix, except ...netip.Prefix) Peer {
	return Peer{cidr: cidr, except: except}
}

func (p Peer) args(app object.App) networkingv1.NetworkPolicyPeerArgs {
	switch {
	case p.component != "":
		return networkingv1.NetworkPolicyPeerArgs{PodSelector: object.LabelSelector(app.Selector(p.component))}
	case p.namespace != "":
		peer := networkingv1.NetworkPolicyPeerArgs{
			// Set by Kubernetes itself on every namespace: nobody can pose as another.
			NamespaceSelector: object.LabelSelector(map[string]string{"kubernetes.io/metadata.name": p.namespace}),
		}
		if len(p.labels) > 0 {
			peer.PodSelector = object.LabelSelector(p.labels)
		}
		return peer
	default:
		var except pulumi.StringArray
		for _, e := range p.except {
			except = append(except, pulumi.String(e.String()))
		}
		return networkingv1.NetworkPolicyPeerArgs{IpBlock: networkingv1.IPBlockArgs{
			Cidr: pulumi.String(p.cidr.String()), Except: except,
		}}
	}
}
