package review

import (
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/plan"
)

// protection matches what the engine says where a resource is protected and
// would be replaced, by itself or with another one, or deleted.
var protection = regexp.MustCompile(`^(?:\w+ failed: )?(?:unable to replace resource "([^"]+)"(?: as part of replacing "([^"]+)")?|resource "([^"]+)" cannot be deleted)\s+(?:as it is currently marked for protection|because it is protected)`)

// refusal is a protected resource that the engine keeps.
type refusal struct {
	urn  string
	with string // URN of what is replaced, where that one takes this one with it
	op   Op
}

// protections are what the engine refuses because it is protected, each once.
func (l *engineLog) protections() []refusal {
	var all []refusal
	for _, text := range l.errors {
		found := protection.FindStringSubmatch(readable(text))
		if found == nil {
			continue
		}
		one := refusal{urn: found[1], with: found[2], op: OpReplace}
		if found[3] != "" {
			one = refusal{urn: found[3], op: OpDelete}
		}
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// stopped reports whether the engine went no further than what it refused. A
// replacement that is refused for its own sake lets a preview go on.
func (l *engineLog) stopped() bool {
	return slices.ContainsFunc(l.protections(), func(r refusal) bool { return r.op == OpDelete || r.with != "" })
}

// What lets a protected resource end.
const (
	unprotected       = "its protection is off"
	unprotectedWaived = "a waiver names it and its protection is off"
)

// protect adds to the risks of a plan that a deployment refuses the end of what
// is protected, whatever waivers say. The log need not have a step for it: then
// only its name in the program is known.
func protect(risks []Risk, refusals []refusal, all []*planned) []Risk {
	for _, one := range refusals {
		of := byURN(all, one.urn)
		risk := Risk{Object: of.title(), Op: one.op, Loses: plan.Loses(of.shortKind()), Refused: true, Until: unprotectedWaived}
		if of.old != nil && of.old.RetainOnDelete && one.op == OpDelete {
			risk.Op, risk.Loses, risk.Until = OpForget, "nothing; it would stay in the cluster, and nobody would manage it", unprotected
		}
		if one.with != "" {
			risk.Why = "it is replaced with " + byURN(all, one.with).title()
		}
		at := slices.IndexFunc(risks, func(r Risk) bool { return r.Object == risk.Object })
		switch {
		case at < 0:
			risks = append(risks, risk)
		case risks[at].Waived != "":
			risks[at].Refused, risks[at].Until = true, unprotected
		default:
			risks[at].Refused, risks[at].Until = true, risk.Until
		}
	}
	return risks
}

// byURN is what is planned for a resource, or no more than its kind and name.
func byURN(all []*planned, urn string) *planned {
	for _, one := range all {
		if one.urn == urn {
			return one
		}
	}
	return &planned{urn: urn, kind: string(resource.URN(urn).Type())}
}
