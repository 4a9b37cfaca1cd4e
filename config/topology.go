package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Topology is what the cluster offers to workloads: nodes, storage and the
// ingress controller. The embedded cluster starts from the same data.
type Topology struct {
	Nodes             []Node            `key:"nodes"`
	StorageClasses    []StorageClass    `key:"storageClasses"`
	IngressController IngressController `key:"ingressController"`
	LoadBalancer      LoadBalancer      `key:"loadBalancer"`
	DNS               DNS               `key:"dns"`
	NodeNetwork       netip.Prefix      `key:"nodeNetwork"` // that the nodes' addresses lie in
	PodNetwork        netip.Prefix      `key:"podNetwork"`  // that the pods' addresses lie in
}

// LoadBalancer tells where the controller runs that gives addresses to
// Services of type LoadBalancer: MetalLB.
type LoadBalancer struct {
	Namespace string `key:"namespace"` // empty means that the cluster has none
}

// DNS tells where names are resolved, so that network policies can let every
// pod ask there: at pods, and at addresses where a node answers itself, as
// NodeLocal DNSCache does.
type DNS struct {
	Namespace string            `key:"namespace"` // default kube-system
	Labels    map[string]string `key:"labels"`    // of its pods; default k8s-app: kube-dns
	Port      int               `key:"port"`      // that its pods listen on; default 53
	Addresses []netip.Addr      `key:"addresses"` // that answer beside them, at port 53; none by default
}

// Node is one machine of the cluster.
type Node struct {
	Name         string            `key:"name"`
	Address      netip.Addr        `key:"address"`      // on the nodes' network; empty where nothing refers to it
	Architecture string            `key:"architecture"` // amd64 or arm64
	Labels       map[string]string `key:"labels"`       // beside those that Kubernetes sets itself
	Taints       []Taint           `key:"taints"`
	CPU          resource.Quantity `key:"cpu"`
	Memory       resource.Quantity `key:"memory"`
	Pods         int               `key:"pods"` // how many it takes; 0 means 110, the kubelet's default
}

// Taint keeps pods off a node unless they tolerate it.
type Taint struct {
	Key    string `key:"key"`
	Value  string `key:"value"`
	Effect string `key:"effect"` // NoSchedule, PreferNoSchedule or NoExecute
}

// StorageClass is a class of volumes that the cluster provides.
type StorageClass struct {
	Name        string `key:"name"`
	Default     bool   `key:"default"`
	Provisioner string `key:"provisioner"`
}

// IngressController tells where the pods that serve the edge run, so that
// network policies can let exactly them in.
type IngressController struct {
	Namespace string            `key:"namespace"`
	Labels    map[string]string `key:"labels"` // of its pods; none means every pod of the namespace
}

const (
	// DefaultNodePods is the kubelet's own limit of pods on a node.
	DefaultNodePods = 110
	// DefaultDNSNamespace is where Kubernetes' own DNS runs.
	DefaultDNSNamespace = "kube-system"
	// DefaultDNSPort is that of DNS itself; OpenShift's pods listen on 5353.
	DefaultDNSPort = 53
)

// defaultDNSLabels select CoreDNS by the label that it has kept from its
// predecessor.
func defaultDNSLabels() map[string]string { return map[string]string{"k8s-app": "kube-dns"} }

func (t *Topology) applyDefaults() {
	for i := range t.Nodes {
		setDefault(&t.Nodes[i].Pods, DefaultNodePods)
	}
	setDefault(&t.DNS.Namespace, DefaultDNSNamespace)
	setDefault(&t.DNS.Port, DefaultDNSPort)
	if t.DNS.Labels == nil {
		t.DNS.Labels = defaultDNSLabels()
	}
}

// architectures lists the processors that nodes may have.
var architectures = []string{"amd64", "arm64"}

// preferNoSchedule is the effect of a taint that keeps no pod off.
const preferNoSchedule = "PreferNoSchedule"

// taintEffects lists what a taint may do.
var taintEffects = []string{"NoSchedule", preferNoSchedule, "NoExecute"}

// implicitLabels are those that the kubelet sets from the node itself.
func (n Node) implicitLabels() map[string]string {
	return map[string]string{
		"kubernetes.io/arch":     n.Architecture,
		"kubernetes.io/hostname": n.Name,
		"kubernetes.io/os":       "linux",
	}
}

// cloudMetadata is where clouds tell machines who they are, which pods must not
// be able to ask.
var cloudMetadata = netip.MustParseAddr("169.254.169.254")

// validate checks what every platform has. Some ask for more, such as an
// ingress controller.
func (t Topology) validate(into *collector) {
	t.validateNodes(into, "topology.nodes")
	t.validateStorageClasses(into, "topology.storageClasses")
	t.validateNetworks(into)
	if t.LoadBalancer.Namespace != "" {
		into.label("topology.loadBalancer.namespace", t.LoadBalancer.Namespace,
			"write the namespace of MetalLB, such as "+DefaultMetalLBNamespace)
	}
	const dns = "topology.dns"
	into.label(dns+".namespace", t.DNS.Namespace, "write the namespace of the cluster's DNS, such as "+DefaultDNSNamespace)
	into.labels(dns+".labels", t.DNS.Labels)
	into.between(dns+".port", t.DNS.Port, 1, 65535)
	for i, address := range t.DNS.Addresses {
		at := fmt.Sprintf("%s.addresses[%d]", dns, i)
		switch {
		case !address.IsValid():
			into.add(at, "write an address such as 169.254.20.10", "it is empty")
		case address == cloudMetadata:
			into.add(at, "write the address at which the nodes answer, such as 169.254.20.10", "at %s clouds hand out credentials", address)
		case address.Is4In6() || address.Zone() != "" || address.IsUnspecified() || address.IsLoopback() || address.IsMulticast():
			into.add(at, "write an address such as 169.254.20.10", "%s is none that pods can ask", address)
		case slices.Index(t.DNS.Addresses, address) < i:
			into.add(at, "remove one of the two", "%s is listed already", address)
		}
	}
}

func (i IngressController) validate(into *collector, key string) {
	into.label(key+".namespace", i.Namespace, "write the namespace of the pods that serve the edge")
	into.labels(key+".labels", i.Labels)
}

// validateNetworks checks the networks that are given, and that no address is
// both a node's and a pod's.
func (t Topology) validateNetworks(into *collector) {
	const nodes, pods = "topology.nodeNetwork", "topology.podNetwork"
	ofNodes := t.NodeNetwork.IsValid() && into.prefix(nodes, t.NodeNetwork)
	ofPods := t.PodNetwork.IsValid() && into.prefix(pods, t.PodNetwork)
	if ofNodes && ofPods && t.NodeNetwork.Overlaps(t.PodNetwork) {
		into.add(pods, "write the range that the cluster gives to pods", "%s overlaps the nodes' network, %s", t.PodNetwork, t.NodeNetwork)
	}
	seen := map[netip.Addr]int{}
	for i, node := range t.Nodes {
		key := fmt.Sprintf("topology.nodes[%d].address", i)
		if !node.Address.IsValid() {
			continue
		}
		if first, taken := seen[node.Address]; taken {
			into.add(key, "correct one of the two", "%s is the address of topology.nodes[%d] already", node.Address, first)
		} else if ofNodes && !t.NodeNetwork.Contains(node.Address) {
			into.add(key, "correct one of the two", "%s does not lie in %s, %s", node.Address, nodes, t.NodeNetwork)
		}
		seen[node.Address] = i
	}
}

func (t Topology) validateNodes(into *collector, key string) {
	if len(t.Nodes) == 0 {
		into.add(key, "list the nodes of the cluster", "it lists no node, and pods run on nodes")
	}
	seen := map[string]int{}
	for i, node := range t.Nodes {
		at := fmt.Sprintf("%s[%d]", key, i)
		if into.name(at+".name", node.Name, "the node") {
			into.unique(at+".name", node.Name, key, i, seen)
		}
		node.validate(into, at)
	}
}

// platform is what an image is built for that runs on the node.
func (n Node) platform() string { return "linux/" + n.Architecture }

func (n Node) runs(b Build) bool { return slices.Contains(b.Platforms, n.platform()) }

func (n Node) validate(into *collector, key string) {
	oneOf(into, key+".architecture", n.Architecture, architectures)
	for _, kind := range amountKinds {
		into.amount(key+"."+kind.name, kind, kind.of(Amounts{CPU: n.CPU, Memory: n.Memory}))
	}
	into.positive(key+".pods", n.Pods)
	into.labels(key+".labels", n.Labels)
	for name, value := range n.implicitLabels() {
		if written, there := n.Labels[name]; there && written != value {
			into.add(key+".labels["+name+"]", "remove it", "%q is not what Kubernetes sets there, %q", written, value)
		}
	}
	for i, taint := range n.Taints {
		at := fmt.Sprintf("%s.taints[%d]", key, i)
		into.labelKey(at+".key", taint.Key)
		into.labelValue(at+".value", taint.Value)
		oneOf(into, at+".effect", taint.Effect, taintEffects)
	}
}

func (t Topology) validateStorageClasses(into *collector, key string) {
	if len(t.StorageClasses) == 0 {
		into.add(key, "list the storage classes of the cluster", "it lists no class, and data needs volumes")
	}
	seen, byDefault := map[string]int{}, []string{}
	for i, class := range t.StorageClasses {
		at := fmt.Sprintf("%s[%d]", key, i)
		if into.name(at+".name", class.Name, "the storage class") {
			into.unique(at+".name", class.Name, key, i, seen)
		}
		if class.Default {
			byDefault = append(byDefault, class.Name)
		}
	}
	if len(byDefault) > 1 {
		into.add(key, "leave default: true on one", "%s are each the default, and a cluster has one", strings.Join(byDefault, " and "))
	}
}

// validateClass checks that the cluster has a storage class.
func (t Topology) validateClass(into *collector, key, class string) {
	names := make([]string, 0, len(t.StorageClasses))
	for _, known := range t.StorageClasses {
		if known.Name == class {
			return
		}
		names = append(names, known.Name)
	}
	into.add(key, "choose one of "+listed(names), "%s is no class of %s:topology.storageClasses", orEmpty(class), Namespace)
}
