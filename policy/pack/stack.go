package pack

import (
	"slices"
	"strings"
	"sync"
)

// Stack is all resources of one stack, as they are to be.
type Stack struct {
	Name    string // such as prod
	Objects []Object

	mu    sync.Mutex
	kinds map[string][]Object // what Kinds found, by the kinds asked for
	among int                 // how many objects there were then
}

// Kinds are the objects of these kinds, in the order in which they were
// registered. The list is remembered: it is not the caller's to change.
func (s *Stack) Kinds(kinds ...string) []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kinds == nil || s.among != len(s.Objects) {
		s.kinds, s.among = map[string][]Object{}, len(s.Objects)
	}
	asked := strings.Join(kinds, " ")
	if found, known := s.kinds[asked]; known {
		return found
	}
	var found []Object
	for _, o := range s.Objects {
		if slices.Contains(kinds, o.Kind) {
			found = append(found, o)
		}
	}
	found = slices.Clip(found)
	s.kinds[asked] = found
	return found
}

// Find is the object of a kind, namespace and name; false where the stack has
// none.
func (s *Stack) Find(kind, namespace, name string) (Object, bool) {
	for _, o := range s.Objects {
		if o.Kind == kind && o.Namespace() == namespace && o.Name() == name {
			return o, true
		}
	}
	return Object{}, false
}

// Pods are those of all workloads.
func (s *Stack) Pods() []Pod {
	var pods []Pod
	for _, o := range s.Objects {
		if pod, runs := o.Pod(); runs {
			pods = append(pods, pod)
		}
	}
	return pods
}
