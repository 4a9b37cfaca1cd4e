package reach

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach/stacks"
	"platform/tests/packtest"
	"platform/tools/reach/live"
)

// demo is two pods of the co2-calculator, of which the one reaches the other.
const demo = `
{apiVersion: v1, kind: Pod, metadata: {name: frontend, namespace: co2-calculator-x, labels: {app: frontend}}, spec: {containers: [{name: a, ports: [{containerPort: 8080}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: backend, namespace: co2-calculator-x, labels: {app: backend}}, spec: {containers: [{name: a, ports: [{containerPort: 8000}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: co2-calculator-x}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: allow, namespace: co2-calculator-x}, spec: {podSelector: {}, policyTypes: [Ingress, Egress],
  ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [{port: 8000}]}], egress: [{to: [{podSelector: {matchLabels: {app: backend}}}], ports: [{port: 8000}]}]}}
`

func stack(t *testing.T, documents string) *pack.Stack {
	t.Helper()
	return &pack.Stack{Name: "x", Objects: packtest.Objects(t, documents)}
}

func shown(t *testing.T, r *Report, width int) string {
	t.Helper()
	var out bytes.Buffer
	r.Table(&out, width)
	return out.String()
}

func TestTable(t *testing.T) {
	r, err := New(stack(t, demo), nil, stacks.Options{})
	require.NoError(t, err)
	text := shown(t, r, 100)
	assert.Contains(t, text, "│ from \\ to │ backend │")
	assert.Contains(t, text, "│ frontend  │ 8000    │")
	assert.Contains(t, text, "not as stated: ingress controller does not reach co2-calculator-x/backend at 8000, as it must")
	assert.NotContains(t, text, "Since")
	assert.NotContains(t, text, "as stated for")
}

// TestWideTablesComeInParts has more pods than fit beside each other.
func TestWideTablesComeInParts(t *testing.T) {
	var documents []string
	for _, name := range []string{"a", "b", "c", "d"} {
		documents = append(documents, "{apiVersion: v1, kind: Pod, metadata: {name: "+name+"-with-a-long-name, namespace: wide}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}")
	}
	r, err := New(stack(t, strings.Join(documents, "\n---\n")), nil, stacks.Options{})
	require.NoError(t, err)
	assert.Empty(t, r.Platform)
	wide, narrow := shown(t, r, 400), shown(t, r, 60)
	assert.Equal(t, 1, strings.Count(wide, "from \\ to"))
	assert.Greater(t, strings.Count(narrow, "from \\ to"), 2)
	assert.Contains(t, narrow, "a-with-a-long-name, b-with-a-long-name,")
}

func TestChanges(t *testing.T) {
	after := demo + `---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: more, namespace: co2-calculator-x}, spec: {podSelector: {matchLabels: {app: frontend}}, ingress: [{ports: [{port: 8080}, {port: 22}]}]}}`
	base := stack(t, demo)
	base.Name = "main"
	r, err := New(stack(t, after), base, stacks.Options{})
	require.NoError(t, err)
	text := shown(t, r, 120)
	assert.Contains(t, text, "Since main:")
	assert.Regexp(t, `│ newly +│ world +│ frontend │ 8080 +│ NetworkPolicy more +│`, text)
	assert.Regexp(t, `│ newly, if something listens │ world +│ frontend │ 22 +│ NetworkPolicy more +│`, text)

	back := stack(t, after)
	back.Name = "later"
	r, err = New(stack(t, demo), back, stacks.Options{})
	require.NoError(t, err)
	assert.Regexp(t, `│ no longer │ world +│ frontend │ 8080 +│ +│`, shown(t, r, 120))

	r, err = New(stack(t, demo), base, stacks.Options{})
	require.NoError(t, err)
	assert.Contains(t, shown(t, r, 120), "Nobody reaches more or less than in main.")
}

func TestJSON(t *testing.T) {
	r, err := New(stack(t, demo), stack(t, demo), stacks.Options{Hosts: "open"})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, r.JSON(&out))
	var content map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &content))
	assert.Equal(t, "open", content["hostEndpoints"])
	assert.Equal(t, "co2-calculator", content["platform"])
	assert.NotEmpty(t, content["findings"])
	assert.Contains(t, out.String(), `"because": [
        "NetworkPolicy allow"
      ]`)
	flows, _ := content["flows"].([]any)
	assert.Contains(t, flows, map[string]any{
		"from": "co2-calculator-x/frontend", "to": "co2-calculator-x/backend", "because": []any{"NetworkPolicy allow"},
		"allowed": []any{map[string]any{"protocol": "TCP", "from": 8000.0, "to": 8000.0}}, "open": []any{map[string]any{"protocol": "TCP", "from": 8000.0, "to": 8000.0}},
	})
}

func TestErrorsOfObjectsAreErrors(t *testing.T) {
	for object, want := range map[string]string{
		"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: 5}}": "wrong type",
		"{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: p}}":                                  "Tier/p",
	} {
		_, err := New(stack(t, object), nil, stacks.Options{})
		require.ErrorContains(t, err, want)
		_, err = New(stack(t, demo), stack(t, object), stacks.Options{})
		assert.ErrorContains(t, err, want)
	}
}

// TestMeasured has one cell that is open, though computed closed, and an
// endpoint that nothing was measured of.
func TestMeasured(t *testing.T) {
	r, err := New(stack(t, demo), nil, stacks.Options{})
	require.NoError(t, err)
	r.Platform, r.Findings = "", nil
	r.Measured = &live.Result{Connections: 7, Cells: 3, Unmeasured: []live.Unmeasured{{Endpoint: "overlay", Why: "nothing of it runs"}}}
	text := shown(t, r, 160)
	assert.Contains(t, text, "7 connections tried, all as computed.")
	assert.Contains(t, text, "Not measured, as nothing of it runs: overlay.")
	r.Measured.Differences = []live.Difference{{
		From: "co2-calculator-x/backend", To: "co2-calculator-x/frontend", Port: 8080, Measured: "yes", Mark: "8080: computed no, measured yes", Text: "backend to frontend",
	}}
	text = shown(t, r, 160)
	assert.Regexp(t, `│ backend +│ +│ ✗ 8080: computed no, +│`, text)
	assert.Contains(t, text, "not as computed: backend to frontend")
	assert.Contains(t, text, "7 connections tried; 1 of 3 cells are not as computed.")
	var out bytes.Buffer
	require.NoError(t, r.JSON(&out))
	assert.Contains(t, out.String(), `"measured": "yes"`)
}

// TestOnlyWhatIsEnforcedCounts has a policy of Calico's, which the embedded
// cluster knows nothing of.
func TestOnlyWhatIsEnforcedCounts(t *testing.T) {
	whole := stack(t, demo+"---\n{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: {}}")
	assert.Len(t, enforced(whole).Objects, len(whole.Objects)-1)
	ends, err := ending(stack(t, "{apiVersion: batch/v1, kind: Job, metadata: {name: init-0123456789abcdef, namespace: a}, spec: {template: {spec: {containers: [{name: a}]}}}}\n---\n"+demo))
	require.NoError(t, err)
	assert.True(t, ends("a/init"))
	assert.False(t, ends("co2-calculator-x/backend"))
	assert.False(t, ends("world"))
}
