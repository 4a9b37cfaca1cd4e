package pack

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// First is the first item that is meant; false where none is. An item that
// cannot be checked matters only where no other one is meant: then the question
// cannot be decided either.
func First[T any](items []T, meant func(T) bool) (T, bool) {
	var ended any
	for _, item := range items {
		yes, why := attempt(func() bool { return meant(item) })
		if yes {
			return item, true
		}
		if ended == nil {
			ended = why
		}
	}
	if ended != nil {
		panic(ended)
	}
	var none T
	return none, false
}

// Some reports whether any item is meant, as [First] finds it.
func Some[T any](items []T, meant func(T) bool) bool {
	_, found := First(items, meant)
	return found
}

// attempt is a check and what ended it, if anything did.
func attempt(check func() bool) (yes bool, ended any) {
	defer func() {
		switch why := recover().(type) {
		case nil:
		case undecided, mistyped:
			ended = why
		default:
			panic(why)
		}
	}()
	return check(), nil
}

// Called reports whether the object has this name in the cluster. Unlike
// [Object.Name] it takes no other name for one that is not known.
func (o Object) Called(name string) bool { return o.At("metadata", "name").Text() == name }

// Beside reports whether two objects are in one namespace.
func (o Object) Beside(other Object) bool {
	return o.remembered().namespace() == other.remembered().namespace()
}

// Leads reports whether an object is a Service that selects the pods of another
// in its namespace.
func (o Object) Leads(to Object) bool {
	if o.Kind != "Service" || !o.Beside(to) {
		return false
	}
	_, runs := PodPaths[to.Kind]
	return runs && o.remembered().selector().Matches(labels.Set(to.remembered().labels()))
}

// Selector is what a selector with matchLabels and matchExpressions selects:
// nothing where it is absent, all where it is empty.
func (v Value) Selector() labels.Selector {
	if !v.Set() {
		return labels.Nothing()
	}
	selector := &metav1.LabelSelector{MatchLabels: v.At("matchLabels").TextMap()}
	for _, one := range v.At("matchExpressions").Items() {
		selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{
			Key: one.At("key").Text(), Operator: metav1.LabelSelectorOperator(one.At("operator").Text()), Values: one.At("values").Texts(),
		})
	}
	selects, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		panic(mistyped{v.Path(), "is no selector: " + err.Error()})
	}
	return selects
}

// PodSelector is which pods of its namespace a NetworkPolicy is about: all
// where it names none.
func (o Object) PodSelector() labels.Selector { return o.remembered().pods() }

// Runs reports whether the pods of an object are meant by a selector; those of
// an object that runs none are not.
func (o Object) Runs(selector labels.Selector) bool {
	_, runs := PodPaths[o.Kind]
	return runs && selector.Matches(labels.Set(o.remembered().labels()))
}

// Off reports whether a workload is told to run no pod.
func (o Object) Off() bool {
	replicas := o.At("spec", "replicas")
	return replicas.Set() && replicas.Int() == 0
}

// Port is the container port of a name or a number; false where the pod
// declares none. An empty protocol means TCP.
func (p Pod) Port(nameOrNumber, protocol string) (Value, bool) {
	var ports []Value
	for _, c := range p.Containers() {
		if !c.Init || c.At("restartPolicy").Is("Always") {
			ports = append(ports, c.At("ports").Items()...)
		}
	}
	return First(ports, func(port Value) bool {
		if nameOrNumber == "" || port.Protocol() != protocolName(protocol) {
			return false
		}
		return port.At("name").Text() == nameOrNumber || port.At("containerPort").Port() == nameOrNumber
	})
}

// Protocol is that of a port; TCP where it names none.
func (v Value) Protocol() string { return protocolName(v.At("protocol").Text()) }

func protocolName(name string) string {
	if name == "" {
		return "TCP"
	}
	return strings.ToUpper(name)
}
