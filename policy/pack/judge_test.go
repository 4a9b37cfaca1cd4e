package pack

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// always breaks for whatever it is called for.
func always(o Object, r *Report) { r.Violated(o, Value{}, "is there") }

func TestRulesAreAskedAboutTheirKinds(t *testing.T) {
	for name, tc := range map[string]struct {
		kinds []string
		want  int
	}{
		"all": {nil, 1}, "its own": {[]string{"Service", "Deployment"}, 1}, "others": {[]string{"Service"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Len(t, found(Rule{Kinds: tc.kinds, Object: always}, holder()), tc.want)
		})
	}
}

func TestStacksAreCheckedWhole(t *testing.T) {
	count := Rule{Name: "count", Stack: func(s *Stack, r *Report) {
		r.Violated(nil, Value{}, "has %d objects in %s", len(s.Objects), s.Name)
	}}
	p := Pack{Rules: []Rule{{Name: "always", Object: always}, count}}
	s := &Stack{Name: "test", Objects: []Object{holder(), holder()}}
	assert.Equal(t, []Finding{{Rule: "count", Why: "has 2 objects in test"}}, p.CheckStack(s), "rules for objects have had their turn")
	all := p.CheckAll(s)
	assert.Len(t, all, 3)
	assert.Equal(t, "count", all[2].Rule)
	assert.Empty(t, (&Pack{Rules: []Rule{count}}).CheckObject(holder()))
}

// Rules for the stack check beside each other, and are reported in the order of the
// list; what is about the others' findings waits for them.
func TestStackRulesHaveOneOrder(t *testing.T) {
	const many = 20
	var checked atomic.Int32
	rules := []Rule{{Name: "last", Last: true, Stack: func(_ *Stack, r *Report) { r.Violated(nil, Value{}, "%d before", checked.Load()) }}}
	want := []Finding{{Rule: "last", Why: "20 before"}}
	for i := range many {
		name := fmt.Sprintf("rule-%02d", i)
		rules = append(rules, Rule{Name: name, Stack: func(_ *Stack, r *Report) {
			for range (many - i) * 100 { // the first is done last
				runtime.Gosched()
			}
			checked.Add(1)
			r.Violated(nil, Value{}, "is reported")
		}})
		want = append(want, Finding{Rule: name, Why: "is reported"})
	}
	assert.Equal(t, want, (&Pack{Rules: rules}).CheckStack(&Stack{Name: "test"}))
}

// A value of one object that is not known leaves the rest of the stack checked.
func TestStackRulesSurviveUnknowns(t *testing.T) {
	rule := Rule{Name: "r", Stack: func(s *Stack, r *Report) {
		Each(r, nil, s.Objects, func(o Object) {
			if o.At("spec", "at").Is("bad") {
				r.Violated(o, o.At("spec", "at"), "is bad")
			}
		})
	}}
	p := Pack{Rules: []Rule{rule}}
	s := &Stack{Name: "test"}
	for _, value := range unknowns() {
		s.Objects = append(s.Objects, NewObject(deployment(objectWith(value))))
	}
	for _, value := range forms("bad") {
		s.Objects = append(s.Objects, NewObject(deployment(objectWith(value))))
	}
	findings := p.CheckStack(s)
	kinds := map[FindingKind]bool{}
	for _, f := range findings {
		kinds[f.Kind] = true
		assert.Equal(t, "Deployment/api", f.Subject)
	}
	assert.Equal(t, map[FindingKind]bool{Violation: true, Undecidable: true}, kinds)
}
