package mutation

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/rules"
)

// Verdict is what became of a mutant.
type Verdict struct {
	Mutant
	Rule string // one that kills it; empty where none does
	Test string // of the program that kills it in the place of a rule; see [KilledByTest]
}

// Killed reports whether a rule or a test kills the mutant.
func (v Verdict) Killed() bool { return v.Rule != "" || v.Test != "" }

// Check checks mutants of a stack, on as many processors as there are. The
// stack itself has to keep to every mandatory rule: then each finding that the
// stack does not have is the mutation's.
func Check(s *Stack, mutants []Mutant) ([]Verdict, error) {
	base, err := rules.For(s.Config)
	if err != nil {
		return nil, err
	}
	j := &assessment{stack: s, rules: base.Rules, base: base, before: map[said]bool{}}
	p := j.pack(j.rules...)
	for _, finding := range p.CheckAll(&pack.Stack{Name: s.Name, Objects: s.objects}) {
		at := slices.IndexFunc(j.rules, func(rule pack.Rule) bool { return rule.Name == finding.Rule })
		if j.rules[at].Level == apitype.Mandatory && finding.Except == "" || finding.Kind != pack.Violation {
			return nil, fmt.Errorf("stack %s breaks %s before anything is changed; mend that first", s.Name, finding.Rule)
		}
		j.before[said{finding.Rule, finding.Subject, finding.Path}] = true
	}
	verdicts := make([]Verdict, len(mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				verdicts[i] = j.check(mutants[i])
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	workers.Wait()
	return verdicts, nil
}

// check is what the mutants of one stack share.
type assessment struct {
	stack *Stack
	rules []pack.Rule
	base  pack.Pack
	// before are the findings of the stack itself: advice, and what exceptions cover.
	before map[said]bool
	last   sync.Map // by operator and kind, the rule for stacks that killed the mutant before
}

// said is a finding, without its reason.
type said struct{ rule, subject, path string }

// check asks the quickest first: the rules for the one object, the rule that
// killed the operator's mutant before, the other rules for stacks, and the pack
// as a preview runs it, which alone can tell of exceptions that are no longer
// needed.
func (j *assessment) check(m Mutant) Verdict {
	verdict := Verdict{Mutant: m}
	objects := slices.Clone(j.stack.objects)
	changed, kept := m.Object()
	if kept {
		objects[m.index] = changed
		p := j.pack(j.rules...)
		verdict.Rule = j.found(p.CheckObject(changed))
	} else {
		objects = slices.Delete(objects, m.index, m.index+1)
	}
	if verdict.Rule == "" {
		verdict.Rule = j.together(m, objects)
	}
	if verdict.Rule == "" {
		verdict.Rule = j.everything(objects)
	}
	if verdict.Rule == "" {
		verdict.Test = testOf(m)
	}
	return verdict
}

// together is a rule for stacks that finds the mutant.
func (j *assessment) together(m Mutant, objects []pack.Object) string {
	key := m.Operator + "/" + m.Kind
	all := j.rules[:len(j.rules)-1] // not the one about exceptions, which checks what the others left
	before, _ := j.last.Load(key)
	for _, first := range []bool{true, false} {
		for _, rule := range all {
			if rule.Stack == nil || (rule.Name == before) != first {
				continue
			}
			p := j.pack(rule)
			if found := j.found(p.CheckStack(&pack.Stack{Name: j.stack.Name, Objects: objects})); found != "" {
				j.last.Store(key, found)
				return found
			}
		}
	}
	return ""
}

// everything is the first rule that a stack breaks, checked as a preview does
// it; empty where it keeps to all.
func (j *assessment) everything(objects []pack.Object) string {
	p := j.pack(j.rules...)
	return j.found(p.CheckAll(&pack.Stack{Name: j.stack.Name, Objects: objects}))
}

// pack is rules as they hold for the stack, with no exception used yet.
func (j *assessment) pack(all ...pack.Rule) pack.Pack {
	return pack.Pack{Rules: all, Exceptions: j.base.Exceptions.Fresh(), Parameters: j.base.Parameters}
}

// found is the rule of the first finding that the stack itself does not have;
// empty where there is none.
func (j *assessment) found(findings []pack.Finding) string {
	for _, f := range findings {
		violated := f.Kind == pack.Violation && f.Except == "" && !j.before[said{f.Rule, f.Subject, f.Path}]
		if violated || f.Kind == pack.Broken {
			return f.Rule
		}
	}
	return ""
}
