package pack_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
	"platform/tests/packtest"
)

// check runs one question over objects, and tells what could not be decided.
func check(t *testing.T, documents string, question func(all []pack.Object)) (undecided []string) {
	t.Helper()
	objects := packtest.Objects(t, documents)
	p := pack.Pack{Rules: []pack.Rule{{Name: "question", Level: apitype.Advisory, Stack: func(_ *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, []int{0}, func(int) { question(objects) })
	}}}}
	for _, finding := range p.CheckStack(&pack.Stack{Name: "test", Objects: objects}) {
		require.NotEqual(t, pack.Broken, finding.Kind, finding.Why)
		undecided = append(undecided, finding.Path)
	}
	return undecided
}

const three = `
{apiVersion: v1, kind: Service, metadata: {name: <unknown>, namespace: a}}
---
{apiVersion: v1, kind: Service, metadata: {name: two, namespace: a}}
---
{apiVersion: v1, kind: Service, metadata: {name: three, namespace: b}}
`

func TestFirst(t *testing.T) {
	called := func(name string) func(pack.Object) bool {
		return func(o pack.Object) bool { return o.Called(name) }
	}
	assert.Empty(t, check(t, three, func(all []pack.Object) {
		found, ok := pack.First(all, called("two"))
		assert.True(t, ok)
		assert.Equal(t, "Service/two", found.String())
	}), "one that is known decides")
	assert.Equal(t, []string{"metadata.name"}, check(t, three, func(all []pack.Object) {
		pack.Some(all, called("four"))
		t.Error("the one that is not known may be four")
	}))
	assert.Empty(t, check(t, three, func(all []pack.Object) {
		assert.False(t, pack.Some(all[1:], called("four")))
		assert.False(t, pack.Some(nil, called("four")))
	}))
	assert.Equal(t, []string{"kind"}, check(t, three, func(all []pack.Object) {
		pack.Some(all, func(o pack.Object) bool { return o.At("kind").True() })
	}), "a wrong type is not passed over")
	assert.PanicsWithValue(t, "error", func() { pack.Some([]int{1}, func(int) bool { panic("error") }) })
}

func TestBeside(t *testing.T) {
	assert.Empty(t, check(t, three, func(all []pack.Object) {
		assert.True(t, all[0].Beside(all[1]))
		assert.False(t, all[1].Beside(all[2]))
	}))
}

func TestSelector(t *testing.T) {
	const head = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {"
	for name, tc := range map[string]struct {
		selector  string
		labels    labels.Set
		want      bool
		undecided []string
	}{
		"absent":         {"", labels.Set{"app": "a"}, false, nil},
		"empty":          {"selector: {}", labels.Set{"app": "a"}, true, nil},
		"label":          {"selector: {matchLabels: {app: a}}", labels.Set{"app": "a", "b": "c"}, true, nil},
		"other label":    {"selector: {matchLabels: {app: a}}", labels.Set{"app": "b"}, false, nil},
		"expression":     {"selector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}", labels.Set{"app": "b"}, true, nil},
		"both":           {"selector: {matchLabels: {app: a}, matchExpressions: [{key: x, operator: DoesNotExist}]}", labels.Set{"app": "a", "x": ""}, false, nil},
		"no operator":    {"selector: {matchExpressions: [{key: app, operator: Like, values: [a]}]}", nil, false, []string{"spec.selector"}},
		"wrong type":     {"selector: {matchLabels: {app: 1}}", nil, false, []string{"spec.selector.matchLabels.app"}},
		"not known":      {"selector: {matchLabels: {app: <unknown>}}", nil, false, []string{"spec.selector.matchLabels.app"}},
		"none is a list": {"selector: [a]", nil, false, []string{"spec.selector"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.undecided, check(t, head+tc.selector+"}}", func(all []pack.Object) {
				assert.Equal(t, tc.want, all[0].At("spec", "selector").Selector().Matches(tc.labels))
			}))
		})
	}
}

func TestRuns(t *testing.T) {
	const objects = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {metadata: {labels: {app: a}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: a}}
`
	assert.Empty(t, check(t, objects, func(all []pack.Object) {
		assert.True(t, all[0].Runs(labels.SelectorFromSet(labels.Set{"app": "a"})))
		assert.False(t, all[0].Runs(labels.SelectorFromSet(labels.Set{"app": "b"})))
		assert.False(t, all[1].Runs(labels.Everything()), "a Service runs no pods")
	}))
}

func TestOff(t *testing.T) {
	for replicas, off := range map[string]bool{"replicas: 0": true, "replicas: 1": false, "paused: true": false} {
		assert.Empty(t, check(t, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {"+replicas+"}}", func(all []pack.Object) {
			assert.Equal(t, off, all[0].Off(), replicas)
		}))
	}
}

func TestPort(t *testing.T) {
	const pod = `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {
  initContainers: [{name: i, ports: [{containerPort: 1}]}, {name: s, restartPolicy: Always, ports: [{containerPort: 2}]}],
  containers: [{name: c, ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}]}]}}`
	assert.Empty(t, check(t, pod, func(all []pack.Object) {
		p, _ := all[0].Pod()
		for port, protocol := range map[string]string{"http": "", "80": "TCP", "dns": "UDP", "53": "udp", "2": ""} {
			_, found := p.Port(port, protocol)
			assert.True(t, found, port)
		}
		for port, protocol := range map[string]string{"1": "", "https": "", "dns": "", "80": "UDP", "": ""} {
			_, found := p.Port(port, protocol)
			assert.False(t, found, port)
		}
	}))
}
