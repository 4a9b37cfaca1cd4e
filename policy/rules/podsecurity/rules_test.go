package podsecurity

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

const (
	subject   = "Deployment/api"
	inPod     = subject + ": spec.template.spec."
	container = subject + " container a: spec.template.spec.containers[0]."
)

// deployment runs a pod of this content of its spec.
func deployment(spec string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: core}, spec: {template: {spec: {" + spec + "}}}}"
}

// with is a pod with one container of this content.
func with(content string) string { return deployment("containers: [{name: a, " + content + "}]") }

// secured is a pod with one container of this security context.
func secured(content string) string { return with("securityContext: {" + content + "}") }

// table is the cases that a setting of one object has: each value of it with
// the paths that are wrong in it, and those that cannot be judged.
func table(build func(string) string, rows map[string][2][]string) map[string]packtest.Case {
	cases := map[string]packtest.Case{}
	for content, want := range rows {
		cases[content] = packtest.Case{Objects: build(content), Want: want[0], Undecided: want[1]}
	}
	return cases
}

func wrong(paths ...string) [2][]string     { return [2][]string{paths, nil} }
func undecided(paths ...string) [2][]string { return [2][]string{nil, paths} }
