package mutation

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const (
	groupPods    = "pod security"
	podContext   = "pod spec securityContext "
	containers   = "pod spec initContainers|containers * "
	ownContext   = containers + "securityContext "
	capabilities = ownContext + "capabilities "
)

var podSecurity = []Operator{
	{Group: groupPods, Name: "runAsNonRoot of the pod", Kinds: pack.PodKinds, At: podContext + "runAsNonRoot", Where: inherited("runAsNonRoot"), Do: []Change{set(false), removedUnless(false)}},
	{Group: groupPods, Name: "runAsNonRoot", Kinds: pack.PodKinds, At: ownContext + "runAsNonRoot", Where: nonRoot, Do: []Change{set(false)}},
	{Group: groupPods, Name: "runAsUser of the pod", Kinds: pack.PodKinds, At: podContext + "runAsUser", Where: nonRoot, Do: []Change{set(0), removed}},
	{Group: groupPods, Name: "runAsUser", Kinds: pack.PodKinds, At: ownContext + "runAsUser", Where: nonRoot, Do: []Change{set(0)}},
	{Group: groupPods, Name: "runAsGroup of the pod", Kinds: pack.PodKinds, At: podContext + "runAsGroup", Where: nonRoot, Do: []Change{set(0), removed}},
	{Group: groupPods, Name: "runAsGroup", Kinds: pack.PodKinds, At: ownContext + "runAsGroup", Where: nonRoot, Do: []Change{set(0)}},
	{Group: groupPods, Name: "fsGroup", Kinds: pack.PodKinds, At: podContext + "fsGroup", Where: nonRoot, Do: []Change{set(0)}},
	{Group: groupPods, Name: "supplementalGroups", Kinds: pack.PodKinds, At: podContext + "supplementalGroups", Where: nonRoot, Do: []Change{appended("0", 0)}},
	{Group: groupPods, Name: "seccompProfile of the pod", Kinds: pack.PodKinds, At: podContext + "seccompProfile", Where: inherited("seccompProfile"), Do: []Change{unconfined, removed}},
	{Group: groupPods, Name: "seccompProfile", Kinds: pack.PodKinds, At: ownContext + "seccompProfile", Do: []Change{unconfined}},
	{Group: groupPods, Name: "seccompProfile", Kinds: pack.PodKinds, At: ownContext + "seccompProfile", Where: alone("seccompProfile"), Do: []Change{removed}},
	{Group: groupPods, Name: "securityContext", Kinds: pack.PodKinds, At: containers + "securityContext", Do: []Change{removed, emptied}},
	{Group: groupPods, Name: "allowPrivilegeEscalation", Kinds: pack.PodKinds, At: ownContext + "allowPrivilegeEscalation", Where: unprivileged, Do: []Change{set(true), removed}},
	{Group: groupPods, Name: "privileged", Kinds: pack.PodKinds, At: ownContext + "privileged", Do: []Change{set(true)}},
	{Group: groupPods, Name: "readOnlyRootFilesystem", Kinds: pack.PodKinds, At: ownContext + "readOnlyRootFilesystem", Do: []Change{set(false), removed}},
	{Group: groupPods, Name: "capabilities drop", Kinds: pack.PodKinds, At: capabilities + "drop", Do: []Change{removed, emptied, set([]any{"NET_RAW"})}},
	{Group: groupPods, Name: "capabilities add", Kinds: pack.PodKinds, At: capabilities + "add", Do: []Change{appended("SYS_ADMIN", "SYS_ADMIN"), appended("NET_RAW", "NET_RAW")}},
	{Group: groupPods, Name: "procMount", Kinds: pack.PodKinds, At: ownContext + "procMount", Do: []Change{set("Unmasked")}},
	{Group: groupPods, Name: "appArmorProfile", Kinds: pack.PodKinds, At: ownContext + "appArmorProfile", Do: []Change{unconfined}},
	{Group: groupPods, Name: "appArmorProfile of the pod", Kinds: pack.PodKinds, At: podContext + "appArmorProfile", Do: []Change{unconfined}},
	{Group: groupPods, Name: "seLinuxOptions", Kinds: pack.PodKinds, At: ownContext + "seLinuxOptions", Do: []Change{set(map[string]any{"type": "spc_t"})}},
	{Group: groupPods, Name: "sysctls", Kinds: pack.PodKinds, At: podContext + "sysctls", Do: []Change{
		appended("an unsafe one", map[string]any{"name": "kernel.msgmax", "value": "1"}),
	}},
	{Group: groupPods, Name: "shareProcessNamespace", Kinds: pack.PodKinds, At: "pod spec shareProcessNamespace", Do: []Change{set(true)}},
	{Group: groupPods, Name: "enableServiceLinks", Kinds: pack.PodKinds, At: "pod spec enableServiceLinks", Do: []Change{set(true), removed}},
}

var unconfined = set(map[string]any{"type": "Unconfined"})

// removedUnless leaves out what has the value of the API's default.
func removedUnless(usual any) Change {
	return Change{removed.Name, func(s Site) (resource.PropertyValue, bool) {
		return gone, !s.Old.IsNull() && !bare(s.Old).DeepEquals(resource.NewPropertyValue(usual))
	}}
}

// nonRoot leaves out the pods that are root and excepted as such: whoever is
// root has every user and group.
func nonRoot(s Site) bool {
	pod, _ := s.Object.Pod()
	user := pod.Spec.At("securityContext", "runAsUser")
	return pod.Spec.At("securityContext", "runAsNonRoot").True() || user.Set() && user.Int() != 0
}

// unprivileged leaves out containers that are privileged: those may gain
// privileges whatever they say.
func unprivileged(s Site) bool {
	return !s.beside("privileged").IsBool() || !s.beside("privileged").BoolValue()
}

// inherited leaves out the pods of which each container has its own setting.
func inherited(key string) func(Site) bool {
	return func(s Site) bool {
		pod, _ := s.Object.Pod()
		for _, one := range pod.Containers() {
			if !one.At("securityContext", key).Set() {
				return true
			}
		}
		return false
	}
}

// alone leaves out the containers whose pod has a setting that they inherit.
func alone(key string) func(Site) bool {
	return func(s Site) bool {
		pod, _ := s.Object.Pod()
		return !pod.Spec.At("securityContext", key).Set()
	}
}
