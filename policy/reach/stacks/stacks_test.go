package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/stacks"
	"platform/tests/packtest"
)

const (
	pods = `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: co2-calculator-x, labels: {app: a}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: co2-calculator-x, labels: {app: b}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}`
	closed = `
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: co2-calculator-x}, spec: {podSelector: {}, policyTypes: [Ingress]}}`
)

func stack(t *testing.T, documents string) *pack.Stack {
	t.Helper()
	return &pack.Stack{Name: "x", Objects: packtest.Objects(t, documents)}
}

func checked(t *testing.T, documents string, base *pack.Stack, hosts reach.HostEndpoints) *stacks.Checked {
	t.Helper()
	j, err := stacks.Check(stack(t, documents), base, stacks.Options{Hosts: hosts})
	require.NoError(t, err)
	return j
}

func TestChangesSinceTheBase(t *testing.T) {
	for name, c := range map[string]struct {
		documents string
		base      *pack.Stack
		changed   bool
	}{
		"none": {pods, nil, false}, "the same": {pods, stack(t, pods), false}, "less": {pods + closed, stack(t, pods), true}, "all go": {"", stack(t, pods), true},
	} {
		t.Run(name, func(t *testing.T) {
			changes, err := checked(t, c.documents, c.base, "").Changes()
			require.NoError(t, err)
			assert.Equal(t, c.changed, len(changes) > 0)
		})
	}
}

// A stack that loses all its pods is checked in the surroundings that it had.
func TestSurroundings(t *testing.T) {
	own := checked(t, pods, nil, reach.HostsClosed)
	assert.True(t, own.Stated)
	assert.Equal(t, "co2-calculator", own.Platform.Name)
	assert.Equal(t, reach.HostsClosed, own.Platform.Around.Hosts)
	gone := checked(t, "", stack(t, pods), "")
	assert.False(t, gone.Stated)
	assert.Equal(t, "co2-calculator", gone.Platform.Name)
	assert.False(t, checked(t, "", nil, "").Stated)
}

func TestReasonsAreToldOnce(t *testing.T) {
	assert.Equal(t, []string{"NetworkPolicy a", "no policy restricts b"}, stacks.Texts([]reach.Reason{{Policy: "NetworkPolicy a"}, {At: "b"}, {Policy: "NetworkPolicy a"}}))
}

func TestErrorsOfEither(t *testing.T) {
	const unchecked = "{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: p}}"
	_, err := stacks.Check(stack(t, unchecked), nil, stacks.Options{})
	assert.ErrorContains(t, err, "Tier/p")
	_, err = stacks.Check(stack(t, pods), stack(t, unchecked), stacks.Options{})
	assert.ErrorContains(t, err, "Tier/p")
}
