package limits

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

// resources is where findings about a case's container are.
const resources = "Deployment/api container a: spec.template.spec.containers[0].resources."

// wrong is the case of a container that breaks the rule at these paths, and
// right of one that does not.
func wrong(content string, paths ...string) packtest.Case {
	c := right(content)
	for _, path := range paths {
		c.Want = append(c.Want, resources+path)
	}
	return c
}

func right(content string) packtest.Case {
	return packtest.Case{Objects: deployment("containers: [{name: a, " + content + "}]")}
}

// deployment runs a pod of this content of its spec.
func deployment(spec string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {template: {spec: {" + spec + "}}}}"
}
