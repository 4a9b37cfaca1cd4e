// Package mutation measures the policy pack: it weakens one field of one object
// of a stack at a time, and asks whether the pack finds it. What it does not
// find, a review has to.
//
// A flip that changes nothing for the cluster is no mutant: the operators leave
// out what is inherited anyway, and what is the API's default.
package mutation

import (
	"strings"

	"platform/config"
	"platform/policy/pack"
)

// Mutant is a stack of which one field is not as the program has it.
type Mutant struct {
	Stack    string
	Group    string // of the operator, such as network
	Operator string // and what it does, such as "peers: removed"
	Kind     string // of the object, such as NetworkPolicy; empty for one that is not one of Kubernetes
	Subject  string // Kind/Name of the object
	Path     string // of the field, such as spec.ingress[0].from; empty for the whole object

	index  int // of the object in the stack
	change func() (pack.Resource, bool)
}

// String names the mutant in one line.
func (m Mutant) String() string {
	return strings.Join([]string{m.Stack, m.Subject, m.Path, m.Operator}, "  ")
}

// Object is the mutated object; false where the mutant has it no longer.
func (m Mutant) Object() (pack.Object, bool) {
	changed, kept := m.change()
	if !kept {
		return pack.Object{}, false
	}
	return pack.NewObject(changed), true
}

// Stack is the resources of one stack, as the engine would hand them over.
type Stack struct {
	Name      string
	Config    config.Platform
	Resources []pack.Resource

	objects []pack.Object
}

// NewStack is the stack that has this configuration and these resources.
func NewStack(name string, cfg config.Platform, resources []pack.Resource) *Stack {
	s := &Stack{Name: name, Config: cfg, Resources: resources}
	for _, one := range resources {
		s.objects = append(s.objects, pack.NewObject(one))
	}
	return s
}

// Of are all mutants of a stack, by operator and then in the order of its
// objects.
func Of(s *Stack) []Mutant {
	var all []Mutant
	for _, operator := range Operators() {
		for i := range s.Resources {
			if operator.isFor(s.objects[i]) {
				all = append(all, operator.mutants(s, i)...)
			}
		}
	}
	return all
}

// Sample are the first mutants of each operator and change for each kind of
// object: what a test of seconds checks.
func Sample(mutants []Mutant) []Mutant {
	seen := map[[3]string]bool{}
	var sample []Mutant
	for _, one := range mutants {
		key := [3]string{one.Group, one.Operator, one.Kind}
		if !seen[key] {
			seen[key] = true
			sample = append(sample, one)
		}
	}
	return sample
}
