package reach

import (
	"net/netip"

	"go4.org/netipx"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"platform/policy/reach/calico"
)

// Cluster is what a stack makes, as far as it decides who can reach whom.
type Cluster struct {
	Namespaces map[string]map[string]string // labels by name, of namespaces that the stack makes
	Pods       []*Endpoint                  // [Pod] and [Host]
	Policies   []networkingv1.NetworkPolicy
	Calico     []calico.Policy
	Services   []corev1.Service
	Routes     []Route // of the edge, to Services
}

// Surroundings are what the stack's policies refer to and the stack does not
// make.
type Surroundings struct {
	Nodes []netip.Prefix // that the nodes' addresses lie in; default the private networks
	Pods  []netip.Prefix // that the pods' addresses lie in; default the private networks
	Hosts HostEndpoints  // default [HostsNone]
	// Peers are pods of other namespaces. Those that a policy names by
	// namespace are added.
	Peers []Outsider
}

// HostEndpoints tell what Calico asks policies about at the nodes.
type HostEndpoints string

// The kinds of host endpoints. What leaves a node, where no policy is about
// it, is taken as free.
const (
	HostsNone   HostEndpoints = "none"   // Calico restricts nothing at the nodes
	HostsOpen   HostEndpoints = "open"   // made by Calico itself: open until a policy is about them
	HostsClosed HostEndpoints = "closed" // named by an operator: closed but for the failsafe ports
)

// Outsider is pods of a namespace that the stack does not make.
type Outsider struct {
	Name      string
	Namespace string
	Labels    map[string]string
	Ports     []corev1.ContainerPort
}

// private are the networks that belong to nobody, where clusters take their
// addresses from (RFC 1918).
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

// nameLabel is the label with which Kubernetes names every namespace.
const nameLabel = "kubernetes.io/metadata.name"

func addresses(prefixes []netip.Prefix) *netipx.IPSet {
	var set netipx.IPSetBuilder
	if len(prefixes) == 0 {
		prefixes = private
	}
	for _, prefix := range prefixes {
		set.AddPrefix(prefix)
	}
	all, _ := set.IPSet() // cannot fail: the prefixes are parsed
	return all
}

// NamespaceLabels are those that are known of a namespace.
func (c *Cluster) NamespaceLabels(name string) map[string]string {
	all := map[string]string{nameLabel: name}
	for key, value := range c.Namespaces[name] {
		all[key] = value
	}
	return all
}
