package probes

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/policy/packtest"
)

func TestNamesAreUnique(t *testing.T) {
	names := map[string]bool{}
	for _, rule := range Rules {
		packtest.Complete(t, rule)
		assert.False(t, names[rule.Name], rule.Name)
		names[rule.Name] = true
	}
}

// inPod and container are where findings about a case's pod and container are.
const (
	inPod     = "Deployment/api container a: spec.template.spec."
	container = inPod + "containers[0]."
)

// wrong is the case of a container that breaks the rule there, and right of
// one that does not.
func wrong(content string, at ...string) packtest.Case {
	return packtest.Case{Objects: with(content), Want: at}
}

func right(content string) packtest.Case { return packtest.Case{Objects: with(content)} }

// with is a pod with one container of this content.
func with(content string) string { return deployment("containers: [{name: a, " + content + "}]") }

// deployment runs a pod of this content of its spec.
func deployment(spec string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: core}, spec: {template: {metadata: {labels: {app: api}}, spec: {" + spec + "}}}}"
}
