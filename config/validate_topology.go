package config

import (
	"fmt"
	"strings"
)

// architectures lists the processors that nodes may have.
var architectures = []string{"amd64", "arm64"}

// taintEffects lists what a taint may do.
var taintEffects = []string{"NoSchedule", "PreferNoSchedule", "NoExecute"}

// implicitLabels are those that the kubelet sets from the node itself.
func (n Node) implicitLabels() map[string]string {
	return map[string]string{
		"kubernetes.io/arch":     n.Architecture,
		"kubernetes.io/hostname": n.Name,
		"kubernetes.io/os":       "linux",
	}
}

func (t Topology) validate(into *collector) {
	t.validateNodes(into, "topology.nodes")
	t.validateStorageClasses(into, "topology.storageClasses")
	const controller = "topology.ingressController"
	into.label(controller+".namespace", t.IngressController.Namespace,
		"write the namespace of the pods that serve the edge")
	into.labels(controller+".labels", t.IngressController.Labels)
	const dns = "topology.dns"
	into.label(dns+".namespace", t.DNS.Namespace, "write the namespace of the cluster's DNS, such as "+DefaultDNSNamespace)
	into.labels(dns+".labels", t.DNS.Labels)
	into.between(dns+".port", t.DNS.Port, 1, 65535)
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
		into.add(key, "list the storage classes of the cluster", "it lists no class, and the queue needs a volume")
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
