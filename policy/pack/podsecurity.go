package pack

import "strings"

// OfContainers checks each container of each pod, those that prepare it too. It
// is the Object of a rule whose Kinds are [PodKinds].
func OfContainers(check func(c Container, r *Report)) func(o Object, r *Report) {
	return func(o Object, r *Report) {
		pod, _ := o.Pod()
		Each(r, pod, pod.Containers(), func(c Container) { check(c, r) })
	}
}

// OfPods checks each pod. It is the Stack of a rule; what is not known of one
// pod does not keep the others from being checked.
func OfPods(check func(s *Stack, pod Pod, r *Report)) func(s *Stack, r *Report) {
	return func(s *Stack, r *Report) {
		Each(r, nil, s.Kinds(PodKinds...), func(o Object) {
			pod, _ := o.Pod()
			check(s, pod, r)
		})
	}
}

// Referred is the object that another refers to by kind, namespace and name;
// false where the stack has none. An object without a name gets its own from
// the provider, which adds a dash and random letters to the one in the program.
func (s *Stack) Referred(kind, namespace, name string) (Object, bool) {
	for _, o := range s.Kinds(kind) {
		if o.Namespace() != namespace {
			continue
		}
		if own := o.At("metadata", "name"); o.Name() == name || own.Known() && !own.Set() && strings.HasPrefix(name, o.Logical+"-") {
			return o, true
		}
	}
	return Object{}, false
}
