package pack

import (
	"path"
	"slices"
	"sync/atomic"
)

// Exception lets one object break one rule, for a reason. Nothing in an object
// itself does: whoever writes a workload cannot excuse it.
type Exception struct {
	Rule      string
	Platform  string // whose stacks have the object, such as edd-cloud
	Kind      string // such as DaemonSet; empty where the settings of the stack decide on it
	Name      string // of the object; a trailing * covers names that end in a hash
	Container string // empty covers the whole object
	Reason    string // a sentence without a full stop

	use *use
}

// use is what became of an exception in one run. Objects are checked at the same
// time.
type use struct {
	met  atomic.Bool // its rule checked its object
	used atomic.Bool // it covered something, or what could not be checked
}

// Exceptions are all of a pack.
type Exceptions []Exception

// Fresh is a copy of which none has been used.
func (e Exceptions) Fresh() Exceptions {
	fresh := slices.Clone(e)
	for i := range fresh {
		fresh[i].use = &use{}
	}
	return fresh
}

// names reports whether the exception is about the object.
func (e Exception) names(o Object) bool {
	if e.Kind != "" && e.Kind != o.Kind {
		return false
	}
	named, _ := path.Match(e.Name, o.Name()) // a pattern that is not one matches nothing
	return named
}

// cover is the reason of the exception for a violation; empty where there is
// none.
func (e Exceptions) cover(rule string, o Object, container string) string {
	for _, one := range e.of(rule) {
		if (one.Container == "" || one.Container == container) && one.names(o) {
			if one.use != nil {
				one.use.used.Store(true)
			}
			return one.Reason
		}
	}
	return ""
}

// meet notes that a rule is about to check an object.
func (e Exceptions) meet(rule string, o Object) {
	for _, one := range e.of(rule) {
		if one.use != nil && one.names(o) {
			one.use.met.Store(true)
		}
	}
}

// spare notes that a rule could not check an object, or the whole stack where
// there is none: whether an exception is needed is open.
func (e Exceptions) spare(rule string, o *Object) {
	for _, one := range e.of(rule) {
		if one.use != nil && (o == nil || one.names(*o)) {
			one.use.used.Store(true)
		}
	}
}

// of are the exceptions to a rule.
func (e Exceptions) of(rule string) Exceptions {
	var found Exceptions
	for _, one := range e {
		if one.Rule == rule {
			found = append(found, one)
		}
	}
	return found
}

// Unused are the exceptions that covered nothing.
func (e Exceptions) Unused() []Exception {
	var unused []Exception
	for _, one := range e {
		if one.use != nil && !one.use.used.Load() {
			unused = append(unused, one)
		}
	}
	return unused
}

// Unused are the exceptions that are not needed in the stack: their object is
// not in it, or their rule checked it and found nothing for them to cover. One
// to a rule that is switched off is not among them, nor one to a rule that
// could not check the object, as in a run that was told to leave it out.
func (r *Report) Unused(s *Stack) []Exception {
	return slices.DeleteFunc(r.exceptions.Unused(), func(e Exception) bool {
		at := slices.IndexFunc(r.rules, func(rule Rule) bool { return rule.Name == e.Rule })
		if at < 0 {
			return true
		}
		gone := !slices.ContainsFunc(s.Objects, e.names)
		return !gone && r.rules[at].Object != nil && !e.use.met.Load()
	})
}
