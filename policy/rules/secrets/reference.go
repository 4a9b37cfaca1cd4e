package secrets

import "platform/policy/pack"

// reference is a place where a pod names a Secret or a ConfigMap.
type reference struct {
	kind     string
	name     pack.Value
	keys     []pack.Value // those that it needs; none means whatever there is
	optional bool
	pull     bool // read by the kubelet for each pod
}

// references are all of a pod.
func references(pod pack.Pod) []reference {
	var all []reference
	for _, c := range pod.Containers() {
		for _, source := range c.At("envFrom").Items() {
			all = append(all, named("Secret", source.At("secretRef"))...)
			all = append(all, named("ConfigMap", source.At("configMapRef"))...)
		}
		for _, variable := range c.At("env").Items() {
			all = append(all, named("Secret", variable.At("valueFrom", "secretKeyRef"))...)
			all = append(all, named("ConfigMap", variable.At("valueFrom", "configMapKeyRef"))...)
		}
	}
	for _, volume := range pod.Spec.At("volumes").Items() {
		for _, source := range append([]pack.Value{volume}, volume.At("projected", "sources").Items()...) {
			all = append(all, named("Secret", source.At("secret"))...)
			all = append(all, named("ConfigMap", source.At("configMap"))...)
		}
	}
	for _, pull := range pod.Spec.At("imagePullSecrets").Items() {
		all = append(all, reference{kind: "Secret", name: pull.At("name"), pull: true})
	}
	return all
}

// named is the reference at a place; none where there is nothing. Volumes of a
// Secret spell the name's key in a way of their own.
func named(kind string, at pack.Value) []reference {
	if !at.Set() {
		return nil
	}
	ref := reference{kind: kind, name: at.At("name"), optional: at.At("optional").True()}
	if own := at.At("secretName"); own.Set() {
		ref.name = own
	}
	if key := at.At("key"); key.Set() {
		ref.keys = append(ref.keys, key)
	}
	for _, item := range at.At("items").Items() {
		ref.keys = append(ref.keys, item.At("key"))
	}
	return []reference{ref}
}
