package mutation

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const groupHosts = "the node"

var hosts = []Operator{
	{Group: groupHosts, Name: "hostNetwork", Kinds: pack.PodKinds, At: "pod spec hostNetwork", Do: []Change{set(true)}},
	{Group: groupHosts, Name: "hostPID", Kinds: pack.PodKinds, At: "pod spec hostPID", Do: []Change{set(true)}},
	{Group: groupHosts, Name: "hostIPC", Kinds: pack.PodKinds, At: "pod spec hostIPC", Do: []Change{set(true)}},
	{Group: groupHosts, Name: "volumes", Kinds: pack.PodKinds, At: "pod spec volumes", Do: []Change{
		appended("the node's root", folder("/")), appended("the runtime's socket", folder("/run/containerd/containerd.sock")),
		appended("a folder of data", folder("/data/gfs")),
		appended("a disk by NFS", map[string]any{"name": "foreign", "nfs": map[string]any{"server": "192.0.2.1", "path": "/"}}),
	}},
	{Group: groupHosts, Name: "hostPath path", Kinds: pack.PodKinds, At: "pod spec volumes * hostPath path", Do: []Change{
		replaced("/"), replaced("/etc"), text("to what is above", func(string) string { return "/data" }),
	}},
	{Group: groupHosts, Name: "hostPath type", Kinds: pack.PodKinds, At: "pod spec volumes * hostPath type", Do: []Change{removed, replaced("Socket")}},
	{Group: groupHosts, Name: "mountPropagation", Kinds: pack.PodKinds, At: containers + "volumeMounts * mountPropagation", Do: []Change{set("Bidirectional")}},
	{Group: groupHosts, Name: "readOnly", Kinds: pack.PodKinds, At: containers + "volumeMounts * readOnly", Where: writable, Do: []Change{removed, replaced(false)}},
	{Group: groupHosts, Name: "hostPort", Kinds: pack.PodKinds, At: containers + "ports * hostPort", Do: []Change{{"to the container's", func(s Site) (resource.PropertyValue, bool) {
		if !s.Old.IsNull() {
			return gone, false
		}
		return s.beside("containerPort"), true
	}}}}, // another than the container's the API server refuses on the node's network
	{Group: groupHosts, Name: "nodeName", Kinds: pack.PodKinds, At: "pod spec nodeName", Do: []Change{set("s0")}},
	{Group: groupHosts, Name: "secret's mode", Kinds: pack.PodKinds, At: "pod spec volumes * secret defaultMode", Do: []Change{set(0o777), removed}},
}

func folder(of string) map[string]any {
	return map[string]any{"name": "node", "hostPath": map[string]any{"path": of, "type": "Directory"}}
}

// beside is another field of the object that the site's is a field of.
func (s Site) beside(key string) resource.PropertyValue {
	at := append(slices.Clone(s.Path[:len(s.Path)-1]), any(key))
	return at.in(s.whole())
}

func (s Site) whole() resource.PropertyValue {
	for i, one := range s.Stack.objects {
		if one.URN == s.Object.URN {
			return resource.NewObjectProperty(s.Stack.Resources[i].Properties)
		}
	}
	return resource.NewNullProperty()
}

// writable leaves out mounts of Secrets and ConfigMaps, which the kubelet
// mounts read-only in any case.
func writable(s Site) bool {
	pod, _ := s.Object.Pod()
	name := s.beside("name")
	for _, volume := range pod.Spec.At("volumes").Items() {
		if name.IsString() && volume.At("name").Is(name.StringValue()) {
			return !volume.At("secret").Set() && !volume.At("configMap").Set() && !volume.At("projected").Set()
		}
	}
	return true
}
