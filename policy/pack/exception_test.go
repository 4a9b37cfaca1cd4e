package pack

import (
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

func TestExceptionsCoverWhatTheyName(t *testing.T) {
	whole := Exception{Rule: "pinned", Kind: "Deployment", Name: "web", Reason: "it is built so"}
	with := func(change func(*Exception)) Exception {
		e := whole
		change(&e)
		return e
	}
	for name, tc := range map[string]struct {
		exception Exception
		covered   bool
	}{
		"the object":        {whole, true},
		"its container":     {with(func(e *Exception) { e.Container = "a" }), true},
		"names that end":    {with(func(e *Exception) { e.Name = "w*" }), true},
		"another container": {with(func(e *Exception) { e.Container = "b" }), false},
		"another name":      {with(func(e *Exception) { e.Name = "web-2" }), false},
		"a longer name":     {with(func(e *Exception) { e.Name = "we" }), false},
		"another kind":      {with(func(e *Exception) { e.Kind = "DaemonSet" }), false},
		"another rule":      {with(func(e *Exception) { e.Rule = "probed" }), false},
		"no pattern":        {with(func(e *Exception) { e.Name = "[" }), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := Pack{Rules: []Rule{{Name: "pinned", Object: unpinned}}, Exceptions: Exceptions{tc.exception}.Fresh()}
			findings := p.CheckObject(holder(container("a", "latest")))
			assert.Len(t, findings, 1, "it is reported either way")
			assert.Equal(t, tc.covered, findings[0].Except == "it is built so")
		})
	}
}

// leftOver runs rules over objects and a stack, and tells which exceptions are
// not needed.
func leftOver(rules []Rule, exceptions Exceptions, checked []Object, s *Stack) []string {
	var names []string
	last := Rule{Name: "used", Last: true, Stack: func(s *Stack, r *Report) {
		for _, e := range r.Unused(s) {
			names = append(names, e.Rule+" "+e.Name)
		}
	}}
	p := Pack{Rules: append(rules, last), Exceptions: exceptions.Fresh()}
	for _, o := range checked {
		p.CheckObject(o)
	}
	p.CheckStack(s)
	return names
}

func TestExceptionsThatAreNotNeeded(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	bad, good, open := holder(container("a", "latest")), holder(container("a", "1")), holder(container("a", unknown))
	rule := Rule{Name: "pinned", Object: unpinned}
	together := Rule{Name: "pinned", Stack: func(s *Stack, r *Report) { Each(r, nil, s.Objects, func(o Object) { unpinned(o, r) }) }}
	one := Exception{Rule: "pinned", Kind: "Deployment", Name: "web", Reason: "so"}
	inner := one
	inner.Container = "a"
	gone := one
	gone.Name = "gone"
	for name, tc := range map[string]struct {
		rules     []Rule
		exception Exception
		checked   []Object
		stack     []Object
		want      []string
	}{
		"needed":                        {[]Rule{rule}, one, []Object{bad}, []Object{bad}, nil},
		"nothing to cover":              {[]Rule{rule}, one, []Object{good}, []Object{good}, []string{"pinned web"}},
		"no such object":                {[]Rule{rule}, gone, []Object{bad}, []Object{bad}, []string{"pinned gone"}},
		"not checked in this run":       {[]Rule{rule}, one, nil, []Object{good}, nil},
		"not known in this preview":     {[]Rule{rule}, one, []Object{open}, []Object{open}, nil},
		"of a container, not known":     {[]Rule{rule}, inner, []Object{holder(unknown)}, []Object{bad}, nil},
		"rule switched off":             {nil, one, []Object{good}, []Object{good}, nil},
		"rule of the stack, needed":     {[]Rule{together}, one, nil, []Object{bad}, nil},
		"rule of the stack, not needed": {[]Rule{together}, one, nil, []Object{good}, []string{"pinned web"}},
		"rule of the stack, not known":  {[]Rule{together}, one, nil, []Object{open}, nil},
		"rule that failed": {
			[]Rule{{Name: "pinned", Stack: func(*Stack, *Report) { panic("lost") }}}, one, nil, []Object{good}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, leftOver(tc.rules, Exceptions{tc.exception}, tc.checked, &Stack{Name: "test", Objects: tc.stack}))
		})
	}
}

func TestUseIsCountedFromTheStart(t *testing.T) {
	all := Exceptions{{Rule: "pinned", Kind: "Deployment", Name: "web", Reason: "so"}}
	fresh := all.Fresh()
	assert.Len(t, fresh.Unused(), 1)
	p := Pack{Rules: []Rule{{Name: "pinned", Object: unpinned}}, Exceptions: fresh}
	p.CheckObject(holder(container("a", "latest")))
	assert.Empty(t, fresh.Unused())
	assert.Len(t, fresh.Fresh().Unused(), 1)
	assert.Empty(t, all.Unused(), "whose use nobody counts")
}

// The engine asks about several objects at a time.
func TestObjectsAreCheckedAtTheSameTime(t *testing.T) {
	p := Pack{
		Rules:      []Rule{{Name: "pinned", Object: unpinned}},
		Exceptions: Exceptions{{Rule: "pinned", Kind: "Deployment", Name: "web", Reason: "so"}}.Fresh(),
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { p.CheckObject(holder(container("a", "latest"))) })
	}
	all.Wait()
	assert.Empty(t, p.Exceptions.Unused())
}
