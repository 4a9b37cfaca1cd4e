package pack

import (
	"path"
	"slices"
)

// Exception lets one object break one rule, for a reason. Nothing in an object
// itself does: whoever writes a workload cannot excuse it.
type Exception struct {
	Rule      string
	Stacks    []string // such as k3s; at least one
	Kind      string   // such as DaemonSet
	Name      string   // of the object; a trailing * covers names that end in a hash
	Container string   // empty covers the whole object
	Reason    string   // a sentence without a full stop

	used *bool
}

// Exceptions are all of a pack.
type Exceptions []Exception

// Fresh is a copy of which none has been used.
func (e Exceptions) Fresh() Exceptions {
	fresh := slices.Clone(e)
	for i := range fresh {
		fresh[i].used = new(bool)
	}
	return fresh
}

// cover is the reason of the exception for a violation; empty where there is
// none.
func (e Exceptions) cover(rule, stack string, o Object, container string) string {
	for _, one := range e {
		named, _ := path.Match(one.Name, o.Name())
		if one.Rule == rule && slices.Contains(one.Stacks, stack) && one.Kind == o.Kind && named &&
			(one.Container == "" || one.Container == container) {
			if one.used != nil {
				*one.used = true
			}
			return one.Reason
		}
	}
	return ""
}

// Unused are the exceptions of a stack that covered nothing.
func (e Exceptions) Unused(stack string) []Exception {
	var unused []Exception
	for _, one := range e {
		if slices.Contains(one.Stacks, stack) && one.used != nil && !*one.used {
			unused = append(unused, one)
		}
	}
	return unused
}
