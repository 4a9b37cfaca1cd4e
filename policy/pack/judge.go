package pack

import (
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Pack is rules, their exceptions, and what a user configured of them.
type Pack struct {
	Rules      []Rule
	Exceptions Exceptions
	Parameters map[string]map[string]any // by rule; they replace the rules' own defaults
}

// JudgeObject is what the rules for single objects find. No rule keeps another
// from its turn.
func (p *Pack) CheckObject(o Object) []Finding {
	var findings []Finding
	for i := range p.Rules {
		rule := &p.Rules[i]
		if rule.Object == nil || len(rule.Kinds) > 0 && !slices.Contains(rule.Kinds, o.Kind) {
			continue
		}
		r := p.report(rule)
		r.exceptions.meet(rule.Name, o)
		r.guard(o, func() { rule.Object(o, r) })
		findings = append(findings, r.findings...)
	}
	return findings
}

// JudgeStack is what the rules for the whole stack find. They check at the same
// time, on as many processors as there are, and those that check what the others
// left come after them. The findings are in the order of the rules.
func (p *Pack) CheckStack(s *Stack) []Finding {
	found := make([][]Finding, len(p.Rules))
	for _, last := range []bool{false, true} {
		var judging errgroup.Group
		judging.SetLimit(runtime.GOMAXPROCS(0))
		for i := range p.Rules {
			if rule := &p.Rules[i]; rule.Stack != nil && rule.Last == last {
				judging.Go(func() error {
					r := p.report(rule)
					r.guard(nil, func() { rule.Stack(s, r) })
					found[i] = r.findings
					return nil
				})
			}
		}
		_ = judging.Wait() // a rule that fails is a finding
	}
	return slices.Concat(found...)
}

// JudgeAll is both, as a preview does it.
func (p *Pack) CheckAll(s *Stack) []Finding {
	var all []Finding
	for _, o := range s.Objects {
		all = append(all, p.CheckObject(o)...)
	}
	return append(all, p.CheckStack(s)...)
}

func (p *Pack) report(rule *Rule) *Report {
	return &Report{rule: rule, exceptions: p.Exceptions, rules: p.Rules, parameters: p.Parameters[rule.Name]}
}
