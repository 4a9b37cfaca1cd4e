package review_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// canary is a value that must not be in any section, and wrapped is how the
// engine writes a secret that is no text.
const (
	canary  = "canary-4711-sings"
	wrapped = "{4dabf18193072939515e22adb298388d: 1b47061264138c4ac30d75fd1eb44270, ciphertext: '[secret]'}"
)

func assertSilent(t *testing.T, s review.Section) {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	assert.NotContains(t, string(text), canary)
	assert.NotContains(t, string(text), base64.StdEncoding.EncodeToString([]byte(canary)))
}

func TestBothSidesOfASecretAreHidden(t *testing.T) {
	for name, c := range map[string]struct {
		old, now string
		paths    []string // the engine's
		want     []review.Diff
	}{
		"plain becomes secret": {
			"data: {a: " + canary + "}", "data: {a: '[secret]'}", []string{"data.a"}, []review.Diff{{Path: "data.a", Secret: true}},
		},
		"secret becomes plain": {
			"data: {a: '[secret]'}", "data: {a: " + canary + "}", []string{"data.a"}, []review.Diff{{Path: "data.a", Secret: true}},
		},
		"another secret": {
			"data: {a: '[secret]'}", "data: {a: '[secret]'}", []string{"data.a"}, []review.Diff{{Path: "data.a", Secret: true}},
		},
		"another secret, of a container": {
			"data: {a: '[secret]', b: x}", "data: {a: '[secret]', b: x}", []string{"data"}, []review.Diff{{Path: "data", Secret: true}},
		},
		"the same secret beside a change": {
			"data: {a: '[secret]', b: x}", "data: {a: '[secret]', b: z}", []string{"data.b"}, []review.Diff{{Path: "data.b", Old: "x", New: "z"}},
		},
		"wrapped": {
			"data: " + wrapped, "data: " + wrapped,
			[]string{"data.a", "data[\"b.c\"]"},
			[]review.Diff{{Path: "data.a", Secret: true}, {Path: `data["b.c"]`, Secret: true}},
		},
		"plain map becomes secret": {
			"data: {a: " + canary + ", b: " + canary + "2}", "data: " + wrapped, []string{"data"}, []review.Diff{{Path: "data", Secret: true}},
		},
		"plain map becomes secret, key by key": {
			"data: {a: " + canary + "}", "data: " + wrapped, []string{"data.a"}, []review.Diff{{Path: "data.a", Secret: true}},
		},
		"secret map becomes plain": {
			"data: " + wrapped, "data: {a: " + canary + "}", nil, []review.Diff{{Path: "data", Secret: true}},
		},
		"text where a map with a secret was": {
			"data: {a: {b: '[secret]'}}", "data: {a: " + canary + "}",
			[]string{"data.a"},
			[]review.Diff{{Path: "data.a", Secret: true}, {Path: "data.a.b", Secret: true}},
		},
		"list that shifts": {
			"args: [{name: a, value: '[secret]'}]", "args: [{name: z, value: " + canary + "}, {name: a, value: '[secret]'}]",
			[]string{"args[0].name", "args[0].value", "args[1]"},
			[]review.Diff{{Path: "args[0].name", Old: "a", New: "z"}, {Path: "args[0].value", Secret: true}, {Path: "args[1].name", New: "a"}, {Path: "args[1].value", Secret: true}},
		},
		"list that shifts while a value becomes secret": {
			"args: [{name: a, value: " + canary + "}]", "args: [{name: other, value: plain}, {name: a, value: '[secret]'}]",
			[]string{"args[0].name", "args[0].value", "args[1]"},
			[]review.Diff{{Path: "args[0].name", Old: "a", New: "other"}, {Path: "args[0].value", Secret: true}, {Path: "args[1].name", New: "a"}, {Path: "args[1].value", Secret: true}},
		},
		"list of texts that shifts": {
			"args: [x, '[secret]']", "args: [" + canary + ", x]",
			[]string{"args[0]", "args[1]"},
			[]review.Diff{{Path: "args[0]", Secret: true}, {Path: "args[1]", Secret: true}},
		},
		"secret and not known": {
			"data: {a: '[secret]'}", "data: 04da6b54-80e4-46f7-96ec-b56ff0331ba9",
			[]string{"data.a"},
			[]review.Diff{{Path: "data.a", Secret: true, Unknown: true}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := sectionOf(t, at(one(t, apitype.OpUpdate, "core/v1:Secret", "a", c.old, c.now), apitype.DiffUpdate, c.paths...))
			assertSilent(t, s)
			require.Len(t, s.Changes, 1)
			assert.Equal(t, c.want, s.Changes[0].Diffs)
		})
	}
}

func TestNewSecretsAreNamedAndHidden(t *testing.T) {
	assert.Equal(t, []review.Diff{{Path: "data", Secret: true}, {Path: "stringData.b", Secret: true}},
		diffsOf(t, one(t, apitype.OpCreate, "core/v1:Secret", "a", "", "{data: "+wrapped+", stringData: {b: '[secret]'}}")))
}

// Outputs know of secrets that inputs do not mark.
func TestWhatIsSecretInOutputsIsHiddenInInputs(t *testing.T) {
	step := at(one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", "data: {a: old-"+canary+"}", "data: {a: "+canary+"}"), apitype.DiffUpdate, "data.a")
	step.Old.Outputs = map[string]any{"data": map[string]any{"a": "[secret]"}}
	assertSilent(t, sectionOf(t, step))
}

// A value that becomes secret is one wherever else it stands.
func TestValuesThatBecomeSecretAreHiddenElsewhere(t *testing.T) {
	becomes := at(one(t, apitype.OpUpdate, "core/v1:Secret", "a", "data: {a: "+canary+"}", "data: {a: '[secret]'}"), apitype.DiffUpdate, "data.a")
	encoded := base64.StdEncoding.EncodeToString([]byte(canary))
	elsewhere := one(t, apitype.OpUpdate, "core/v1:ConfigMap", "b",
		"data: {url: 'https://u:"+canary+"@host', lines: \"a\\nb\", code: x, kept: x}", "data: {url: none, lines: \"a\\nc "+canary+"\", code: "+encoded+", kept: z}")
	workload := at(one(t, apitype.OpUpdate, "apps/v1:Deployment", "c",
		"spec: {template: {spec: {containers: [{name: c, image: 'a:"+canary+"'}]}}}", "spec: {template: {spec: {containers: [{name: c, image: a}]}}}"),
		apitype.DiffUpdate, "spec.template.spec.containers[0].image")
	log := append(logOf(t, becomes, elsewhere, workload), written(t,
		apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{Severity: "error", Message: "cannot use " + canary}},
		apitype.EngineEvent{PolicyEvent: &apitype.PolicyEvent{PolicyName: "r", Message: "is " + canary}},
	)...)
	p := planOf(t, log)
	p.Failure = "failed over " + canary
	s, err := review.New(p)
	require.NoError(t, err)
	assertSilent(t, s)
	assert.Equal(t, []review.Diff{
		{Path: "data.code", Secret: true},
		{Path: "data.kept", Old: "x", New: "z"},
		{Path: "data.lines:2", Secret: true},
		{Path: "data.url", Secret: true},
	}, s.Changes[1].Diffs)
	assert.Equal(t, "failed over [secret]\ncannot use [secret]", s.Error)
	assert.Equal(t, "is [secret]", s.Findings[0].Text)
	assert.Equal(t, []string{"c: image a:[secret] → a"}, s.Restarts[0].Why)
}

// The words of an error in the log are not passed on: they quote what is there.
func TestBrokenLogsAreNotQuoted(t *testing.T) {
	s, err := review.New(planOf(t, []byte(`{"diagnosticEvent": {"message": `+canary+`}}`)))
	require.NoError(t, err)
	assertSilent(t, s)
	assert.NotEmpty(t, s.Error)
}
