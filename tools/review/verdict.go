package review

import (
	"slices"
	"strings"
)

// Verdict is what a reader needs to know first.
type Verdict string

// The verdicts, from the least to the worst.
const (
	Safe        Verdict = "safe"        // nothing ends, nobody is cut off, no pod is made anew
	Review      Verdict = "review"      // somebody has to read it
	Failed      Verdict = "failed"      // there is no plan, or the policy pack refuses it
	Destructive Verdict = "destructive" // what cannot be made good
)

var verdicts = []Verdict{Safe, Review, Failed, Destructive}

// Verdict judges one stack.
func (s Section) Verdict() Verdict {
	ends := func(c Change) bool { return c.Op == OpDelete || c.Op == OpReplace || c.Op == OpForget }
	secret := func(c Change) bool {
		return slices.ContainsFunc(c.Diffs, func(d Diff) bool { return d.Secret && c.Op != OpCreate })
	}
	switch {
	case len(s.Risks) > 0:
		return Destructive
	case s.Fault != "" || slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Mandatory }):
		return Failed
	case slices.ContainsFunc(s.Changes, ends), slices.ContainsFunc(s.Changes, secret), slices.ContainsFunc(s.Changes, Change.loosens),
		slices.ContainsFunc(s.Changes, Change.moves), len(s.Restarts) > 0, len(s.Reach) > 0,
		slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.New }), slices.ContainsFunc(s.Capacity, Capacity.exceeded):
		return Review
	}
	return Safe
}

// Worst is the verdict on all stacks; Failed where there are none, since nobody
// knows anything then.
func Worst(sections []Section) Verdict {
	if len(sections) == 0 {
		return Failed
	}
	worst := Safe
	for _, s := range sections {
		if slices.Index(verdicts, s.Verdict()) > slices.Index(verdicts, worst) {
			worst = s.Verdict()
		}
	}
	return worst
}

func (c Capacity) exceeded() bool { return c.Has > 0 && c.After > c.Has && c.After > c.Before }

// loosens tells whether a resource loses what keeps it from being deleted.
func (c Change) loosens() bool {
	return slices.ContainsFunc(c.Diffs, func(d Diff) bool { return (d.Path == optionProtect || d.Path == optionRetain) && d.Old == "true" })
}

// moves tells whether a Service gets another address outside: whoever has the
// old one is cut off.
func (c Change) moves() bool {
	return c.Kind == "Service" && c.Op != OpCreate && slices.ContainsFunc(c.Diffs, func(d Diff) bool {
		return strings.Contains(d.Path, "loadBalancerIP") || strings.HasPrefix(d.Path, "spec.externalIPs") || d.Path == "spec.type"
	})
}
