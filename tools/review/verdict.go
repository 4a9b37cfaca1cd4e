package review

import (
	"slices"
	"strings"
)

// Verdict is what a reader needs to know first.
type Verdict string

// The verdicts, from the least to the worst.
const (
	Safe        Verdict = "safe"        // nothing ends, nobody is cut off, and no pod stops before its successor answers
	Review      Verdict = "review"      // a person has to check it, see Section.checked
	Drifted     Verdict = "drifted"     // the cluster is not as it was deployed
	Destructive Verdict = "destructive" // data or an address ends, and a waiver lets it
	Refused     Verdict = "refused"     // a deployment does not do it: data or an address would end, or a mandatory policy is broken
	Failed      Verdict = "failed"      // there is no whole plan
)

// Verdicts are all that there are, the worst first.
var Verdicts = []Verdict{Failed, Refused, Destructive, Drifted, Review, Safe}

// Verdicts are all that hold for one stack, the worst first: a plan that is not
// whole may hold a refusal as well. Review and Safe stand alone.
func (s Section) Verdicts() []Verdict {
	drift := s.View == ViewDrift
	var all []Verdict
	for _, one := range []struct {
		verdict Verdict
		holds   bool
	}{
		{Failed, s.Error != ""},
		{Refused, len(s.Refusals()) > 0},
		{Destructive, !drift && slices.ContainsFunc(s.Risks, Risk.waived)},
		{Drifted, drift && len(s.Changes)+len(s.Risks) > 0},
	} {
		if one.holds {
			all = append(all, one.verdict)
		}
	}
	switch {
	case all != nil:
		return all
	case s.checked():
		return []Verdict{Review}
	}
	return []Verdict{Safe}
}

// Verdict is the worst one of a stack.
func (s Section) Verdict() Verdict { return s.Verdicts()[0] }

// Worst is the verdict on all stacks. Where there is none, nothing was planned,
// and that is no success.
func Worst(sections []Section) Verdict {
	for _, verdict := range Verdicts {
		if slices.ContainsFunc(sections, func(s Section) bool { return s.Verdict() == verdict }) {
			return verdict
		}
	}
	return Failed
}

// checked reports whether a person has to check a change that nothing refuses.
// docs/reviews.md has the list. An image that becomes newer, with whatever
// follows from that, is not on it while somebody answers all along.
func (s Section) checked() bool {
	bumps := s.bumps()
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.checked() && !c.follows(bumps) }) ||
		slices.ContainsFunc(s.Restarts, func(r Restart) bool { return r.Gap || !s.onlyImages(r, bumps) }) ||
		slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.New }) ||
		slices.ContainsFunc(s.Capacity, Capacity.exceeded) ||
		len(s.Risks)+len(s.Reach) > 0 || s.Stopped
}

func (c Capacity) exceeded() bool { return c.Has > 0 && c.After > c.Has && c.After > c.Before }

func (r Risk) waived() bool { return !r.Refused && r.Waived != "" }

// checked reports whether one change has to be checked by a person.
func (c Change) checked() bool {
	return c.Op == OpDelete || c.Op == OpReplace || c.Op == OpForget || c.rights() || slices.ContainsFunc(c.Diffs, func(d Diff) bool {
		return c.Op != OpCreate && (d.Secret || d.Unknown || d.loosens() || c.moves(d)) || d.isImage() && d.Old != "" && d.New != "" && !newer(d.Old, d.New)
	})
}

// loosens reports whether a resource loses what keeps it from being deleted, or a
// namespace changes what it lets pods do.
func (d Diff) loosens() bool {
	return (d.Path == optionProtect || d.Path == optionRetain) && d.Old == "true" || strings.Contains(d.Path, "pod-security.kubernetes.io/")
}

// rights reports whether somebody may do something else than before.
func (c Change) rights() bool {
	kind := strings.TrimPrefix(c.Kind, "Cluster")
	return (kind == "Role" || kind == "RoleBinding") && slices.ContainsFunc(c.Diffs, func(d Diff) bool { return !strings.HasPrefix(d.Path, "metadata.") })
}

// moves reports whether a name or an address by which others reach something is
// another one: whoever has the old one is cut off.
func (c Change) moves(d Diff) bool {
	switch c.Kind {
	case "Service":
		return strings.Contains(d.Path, "loadBalancerIP") || strings.HasPrefix(d.Path, "spec.externalIPs") || d.Path == "spec.type"
	case "Ingress", "HTTPRoute", "Gateway", "Route":
		return d.Old != "" && strings.Contains(strings.ToLower(d.Path), "host")
	}
	return false
}
