package images

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

// at is where a finding about the image of a case is.
const at = "Deployment/api container a: spec.template.spec.containers[0].image"

// wrong is the case of an image that breaks the rule, and right of one that does not.
func wrong(image string) packtest.Case {
	return packtest.Case{Objects: with("image: " + image), Want: []string{at}}
}

func right(image string) packtest.Case { return packtest.Case{Objects: with("image: " + image)} }

// unknown and mistyped are images that every rule meets.
var (
	unknown  = packtest.Case{Objects: with("image: <unknown>"), Undecided: []string{at}}
	mistyped = wrong("1")
)

// with is a pod with one container of this content.
func with(content string) string { return deployment("containers: [{name: a, " + content + "}]") }

// deployment runs a pod of this content of its spec.
func deployment(spec string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {template: {spec: {" + spec + "}}}}"
}
