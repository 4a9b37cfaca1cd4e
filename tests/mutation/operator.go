package mutation

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

// Operator flips one field of objects, at each place where an object has it.
type Operator struct {
	Group string
	Name  string   // the field, in the words of who reads a survivor
	Kinds []string // of objects; empty means all of Kubernetes
	// At is where the field is: keys divided by blanks, of which the last need
	// not be there. The key pod leads to the pod's template, a|b to either, and *
	// to each item or key.
	At string
	// Where, if given, leaves out places where the flip changes nothing.
	Where func(Site) bool
	Do    []Change
	// Resource changes more than a field, in the place of At and Do: the type or
	// the options. False means that it changes nothing.
	Resource func(s *Stack, r *pack.Resource) bool
}

// Site is one place of one object.
type Site struct {
	Stack  *Stack
	Object pack.Object
	Path   path
	Old    resource.PropertyValue // null where nothing is there
}

// Change is one flip of a value.
type Change struct {
	Name string // such as removed
	// To is the new value, [gone] for none; false where it changes nothing.
	To func(Site) (resource.PropertyValue, bool)
}

func (o Operator) isFor(object pack.Object) bool {
	if len(o.Kinds) == 0 {
		return object.Kind != ""
	}
	return slices.Contains(o.Kinds, object.Kind) || object.Kind == "" && slices.Contains(o.Kinds, object.Type)
}

func (o Operator) mutants(s *Stack, index int) []Mutant {
	object := s.objects[index]
	mutant := Mutant{Stack: s.Name, Group: o.Group, Operator: o.Name, Kind: object.Kind, Subject: object.String(), index: index}
	if o.Resource != nil {
		changed := s.Resources[index]
		if !o.Resource(s, &changed) {
			return nil
		}
		mutant.change = func() (pack.Resource, bool) { return changed, true }
		return []Mutant{mutant}
	}
	if o.At == "" {
		mutant.change = func() (pack.Resource, bool) { return pack.Resource{}, false }
		return []Mutant{mutant}
	}
	var all []Mutant
	whole := resource.NewObjectProperty(s.Resources[index].Properties)
	for _, at := range places(whole, object.Kind, o.At) {
		site := Site{s, object, at, at.in(whole)}
		if o.Where != nil && !o.Where(site) {
			continue
		}
		for _, change := range o.Do {
			value, changes := change.To(site)
			if !changes {
				continue
			}
			one := mutant
			one.Path, one.Operator = at.String(), o.Name+": "+change.Name
			one.change = func() (pack.Resource, bool) {
				changed := s.Resources[index]
				changed.Properties = at.put(whole, value).ObjectValue()
				return changed, true
			}
			all = append(all, one)
		}
	}
	return all
}
