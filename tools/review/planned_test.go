package review_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"platform/tools/review"
)

// said is changes in short: operation, kind, object.
func said(s review.Section) []string {
	var all []string
	for _, c := range s.Changes {
		all = append(all, string(c.Op)+" "+c.Kind+" "+c.Object)
	}
	return all
}

func TestEveryResourceIsOneChange(t *testing.T) {
	const claim, config = "core/v1:PersistentVolumeClaim", "core/v1:ConfigMap"
	const a, b = "{a: x}", "{a: z}"
	retained := one(t, apitype.OpDelete, config, "kept", a, "")
	retained.Old.RetainOnDelete = true
	pending := one(t, apitype.OpDeleteReplaced, config, "left", a, "")
	pending.Old.Delete = true
	unnamed := one(t, apitype.OpCreate, config, "fresh", "", "{metadata: {namespace: core, name: "+unknown+"}}")
	for name, c := range map[string]struct {
		steps []apitype.StepEventMetadata
		want  []string
		same  int
	}{
		"each kind": {
			[]apitype.StepEventMetadata{
				one(t, apitype.OpSame, config, "same", a, a), one(t, apitype.OpUpdate, config, "updated", a, b),
				one(t, apitype.OpDelete, config, "gone", a, ""), retained, unnamed,
				one(t, apitype.OpCreate, "core/v1:Namespace", "ns", "", "{metadata: {name: core}}"),
			},
			[]string{"update ConfigMap core/updated", "delete ConfigMap core/gone", "forget ConfigMap core/kept", "create ConfigMap core/fresh", "create Namespace core"},
			1,
		},
		"made first": {
			[]apitype.StepEventMetadata{
				one(t, apitype.OpCreateReplacement, claim, "data", a, b), one(t, apitype.OpReplace, claim, "data", a, b), one(t, apitype.OpDeleteReplaced, claim, "data", a, ""),
			},
			[]string{"replace PersistentVolumeClaim core/data"},
			0,
		},
		"deleted first": {
			[]apitype.StepEventMetadata{
				one(t, apitype.OpDeleteReplaced, claim, "data", a, ""), one(t, apitype.OpReplace, claim, "data", a, b), one(t, apitype.OpCreateReplacement, claim, "data", a, b),
			},
			[]string{"replace PersistentVolumeClaim core/data"},
			0,
		},
		"left by an earlier run":         {[]apitype.StepEventMetadata{one(t, apitype.OpSame, config, "left", a, a), pending}, []string{"delete ConfigMap core/left"}, 1},
		"left by an earlier run, before": {[]apitype.StepEventMetadata{pending, one(t, apitype.OpSame, config, "left", a, a)}, []string{"delete ConfigMap core/left"}, 1},
		"read":                           {[]apitype.StepEventMetadata{one(t, apitype.OpRead, config, "a", "", a)}, nil, 1},
		"no longer read":                 {[]apitype.StepEventMetadata{one(t, apitype.OpReadDiscard, config, "a", a, "")}, []string{"forget ConfigMap core/a"}, 0},
		"imported":                       {[]apitype.StepEventMetadata{one(t, apitype.OpImport, config, "a", a, b)}, []string{"update ConfigMap core/a"}, 0},
		"of a later engine":              {[]apitype.StepEventMetadata{one(t, "transmogrify", config, "a", a, b)}, []string{"update ConfigMap core/a"}, 0},
		"bookkeeping":                    {[]apitype.StepEventMetadata{one(t, apitype.OpRemovePendingReplace, config, "a", a, ""), one(t, apitype.OpRefresh, config, "b", a, a)}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := sectionOf(t, c.steps...)
			assert.Equal(t, c.want, said(s))
			assert.Equal(t, c.same, s.Same)
			assert.Empty(t, s.Error)
		})
	}
}

// of is a step on a resource that is no object of Kubernetes.
func of(t *testing.T, op apitype.OpType, kind, old, now string, custom bool) apitype.StepEventMetadata {
	t.Helper()
	step := apitype.StepEventMetadata{Op: op, URN: urns + kind + "::a", Type: kind}
	step.Old, step.New = state(t, step, old), state(t, step, now)
	for _, s := range []*apitype.StepEventStateMetadata{step.Old, step.New} {
		if s != nil {
			s.Custom = custom
		}
	}
	return step
}

func TestWhatHoldsOthersIsNoChange(t *testing.T) {
	const component, provider, stack, password = "platform:components:Workload", "pulumi:providers:kubernetes", "pulumi:pulumi:Stack", "random:index/randomPassword:RandomPassword"
	for name, c := range map[string]struct {
		step apitype.StepEventMetadata
		want []string
		same int
	}{
		"new component":        {of(t, apitype.OpCreate, component, "", "{}", false), nil, 0},
		"component goes":       {of(t, apitype.OpDelete, component, "{}", "", false), nil, 0},
		"component stays":      {of(t, apitype.OpSame, component, "{}", "{}", false), nil, 0},
		"component changes":    {of(t, apitype.OpUpdate, component, "{a: 1}", "{a: 2}", false), []string{"update " + component + " a"}, 0},
		"the stack":            {of(t, apitype.OpUpdate, stack, "{}", "{}", false), nil, 0},
		"provider stays":       {of(t, apitype.OpSame, provider, "{context: a}", "{context: a}", true), nil, 0},
		"provider is touched":  {of(t, apitype.OpUpdate, provider, "{context: a, __internal: {a: 1}}", "{context: a, __internal: {}}", true), nil, 0},
		"provider changes":     {of(t, apitype.OpUpdate, provider, "{context: a}", "{context: b}", true), []string{"update " + provider + " a"}, 0},
		"other resource stays": {of(t, apitype.OpSame, password, "{length: 1}", "{length: 1}", true), nil, 1},
		"other resource":       {of(t, apitype.OpUpdate, password, "{length: 1}", "{length: 2}", true), []string{"update " + password + " a"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := sectionOf(t, c.step)
			assert.Equal(t, c.want, said(s))
			assert.Equal(t, c.same, s.Same)
		})
	}
}

func TestPropertiesThatForceAReplacement(t *testing.T) {
	const old, now = "{metadata: {name: a}, spec: {a: 1, b: 1}}", "{metadata: {name: a}, spec: {a: 2, b: 2}}"
	detailed := at(one(t, apitype.OpReplace, "apps/v1:Deployment", "a", old, now), apitype.DiffUpdateReplace, "spec.a")
	detailed.DetailedDiff["spec.b"] = apitype.PropertyDiff{Kind: apitype.DiffUpdate}
	keyed := one(t, apitype.OpReplace, "apps/v1:Deployment", "a", old, now)
	keyed.Keys = []string{"spec.b", "spec"}
	depends := one(t, apitype.OpReplace, "apps/v1:Deployment", "a", old, old)
	depends.Keys = []string{"spec.selector"}
	slashed := at(one(t, apitype.OpReplace, "apps/v1:Deployment", "a", "{a: {b/c: 1}}", "{a: {b/c: 2}}"), apitype.DiffUpdateReplace, "a.b/c")
	for name, c := range map[string]struct {
		step apitype.StepEventMetadata
		want []string
	}{
		"in detail": {detailed, []string{"spec.a"}}, "by keys": {keyed, []string{"spec", "spec.b"}}, "of another resource": {depends, nil}, "one form": {slashed, []string{`a["b/c"]`}},
	} {
		assert.Equal(t, c.want, sectionOf(t, c.step).Changes[0].Forces, name)
	}
}

func TestSectionsOfNothingNeverHoldNull(t *testing.T) {
	s := sectionOf(t)
	text, err := json.Marshal(s)
	assert.NoError(t, err)
	assert.NotContains(t, string(text), "null")
	assert.Equal(t, review.Safe, s.Verdict())
}
