package images

import (
	"testing"

	"platform/policy/packtest"
)

func TestPullPolicy(t *testing.T) {
	const path = "Deployment/api container a: spec.template.spec.containers[0].imagePullPolicy"
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	of := func(image, policy string, want ...string) packtest.Case {
		return packtest.Case{Objects: packtest.Container("image: '" + image + "', " + policy), Want: want}
	}
	packtest.Run(t, pullPolicy, map[string]packtest.Case{
		"fixed, if not present":  of("x:1", "imagePullPolicy: IfNotPresent"),
		"fixed, always":          of("x:1", "imagePullPolicy: Always", path),
		"fixed, never":           of("x:1", "imagePullPolicy: Never", path),
		"fixed, absent":          of("x:1", "command: [a]"),
		"moving, if not present": of("x:main", "imagePullPolicy: IfNotPresent", path),
		"moving, always":         of("x:main", "imagePullPolicy: Always"),
		"moving, absent":         of("x:main", "command: [a]", path),
		"latest, absent":         of("x:latest", "command: [a]"),
		"no tag, absent":         of("x", "command: [a]"),
		"digest, absent":         of("x"+digest, "command: [a]"),
		"latest and digest":      of("x:latest"+digest, "command: [a]"),
		"wrong type":             of("x:1", "imagePullPolicy: 1", path),
		"not known":              {Objects: packtest.Container("image: 'x:1', imagePullPolicy: <unknown>"), Undecided: []string{path}},
		"image not known":        unknown,
		"parameters":             {Objects: packtest.Container("image: 'x:next'"), Want: []string{path}, Parameters: map[string]any{"moving": []any{"next"}}},
	})
}
