package mutation

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/exceptions"
	"platform/policy/pack"
	"platform/policy/rules"
)

// Verdict is what became of a mutant.
type Verdict struct {
	Mutant
	Rule string // one that kills it; empty where none does
	Test string // of the program that kills it in the place of a rule; see [KilledByTest]
}

// Killed tells whether a rule or a test kills the mutant.
func (v Verdict) Killed() bool { return v.Rule != "" || v.Test != "" }

// Judge judges mutants of a stack, on as many processors as there are. The
// stack itself has to keep to every mandatory rule: then each mandatory finding
// is the mutation's.
func Judge(s *Stack, mutants []Mutant) ([]Verdict, error) {
	j := &judgement{stack: s, rules: rules.All()}
	if rule := j.everything(s.objects); rule != "" {
		return nil, fmt.Errorf("stack %s breaks %s before anything is changed; mend that first", s.Name, rule)
	}
	verdicts := make([]Verdict, len(mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				verdicts[i] = j.judge(mutants[i])
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

// judgement is what the mutants of one stack share.
type judgement struct {
	stack *Stack
	rules []pack.Rule
	last  sync.Map // by operator and kind, the rule for stacks that killed the mutant before
}

// judge asks the quickest first: the rules for the one object, the rule that
// killed the operator's mutant before, the other rules for stacks, and the pack
// as a preview runs it, which alone can tell of exceptions that are no longer
// needed.
func (j *judgement) judge(m Mutant) Verdict {
	verdict := Verdict{Mutant: m}
	objects := slices.Clone(j.stack.objects)
	changed, kept := m.Object()
	if kept {
		objects[m.index] = changed
		p := pack.Pack{Rules: j.rules, Exceptions: exceptions.All.Fresh()}
		verdict.Rule = mandatory(p.Rules, p.JudgeObject(j.stack.Name, changed))
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
func (j *judgement) together(m Mutant, objects []pack.Object) string {
	key := m.Operator + "/" + m.Kind
	all := j.rules[:len(j.rules)-1] // not the one about exceptions, which judges what the others left
	before, _ := j.last.Load(key)
	for _, first := range []bool{true, false} {
		for _, rule := range all {
			if rule.Stack == nil || (rule.Name == before) != first {
				continue
			}
			p := pack.Pack{Rules: []pack.Rule{rule}, Exceptions: exceptions.All.Fresh()}
			if found := mandatory(p.Rules, p.JudgeStack(&pack.Stack{Name: j.stack.Name, Objects: objects})); found != "" {
				j.last.Store(key, found)
				return found
			}
		}
	}
	return ""
}

// everything is the first rule that a stack breaks, judged as a preview does
// it; empty where it keeps to all.
func (j *judgement) everything(objects []pack.Object) string {
	p := pack.Pack{Rules: j.rules, Exceptions: exceptions.All.Fresh()}
	return mandatory(p.Rules, p.JudgeAll(&pack.Stack{Name: j.stack.Name, Objects: objects}))
}

// mandatory is the rule of the first finding that stops a deployment; empty
// where none does.
func mandatory(all []pack.Rule, findings []pack.Finding) string {
	for _, finding := range findings {
		at := slices.IndexFunc(all, func(rule pack.Rule) bool { return rule.Name == finding.Rule })
		violated := finding.Kind == pack.Violation && finding.Except == "" && all[at].Level == apitype.Mandatory
		if violated || finding.Kind == pack.Broken {
			return finding.Rule
		}
	}
	return ""
}
