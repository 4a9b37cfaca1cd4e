package images

import (
	"testing"

	"platform/policy/packtest"
)

func TestFixedTag(t *testing.T) {
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for _, tag := range []string{"latest", "main", "master", "develop", "edge", "nightly", "stable"} {
		packtest.Run(t, fixedTag, map[string]packtest.Case{tag: wrong("x:" + tag)})
	}
	packtest.Run(t, fixedTag, map[string]packtest.Case{
		"tag":               right("postgres:16-alpine"),
		"digest":            right("postgres" + digest),
		"latest and digest": right("postgres:latest" + digest),
		"latest as a part":  right("postgres:latest-16"),
		"latest":            wrong("postgres:latest"),
		"branch":            wrong("ghcr.io/epfl-enac/backend:main"),
		"port and no tag":   wrong("registry.example:5000/postgres"),
		"port and tag":      right("registry.example:5000/postgres:16"),
		"no tag":            wrong("postgres"),
		"no reference":      wrong("'Postgres: 16'"),
		"empty":             wrong("''"),
		"absent":            {Objects: packtest.Container("command: [a]"), Want: []string{at}},
		"wrong type":        mistyped,
		"not known":         unknown,
		"before the others": {
			Objects: packtest.Deployment("initContainers: [{name: i, image: busybox}], containers: [{name: a, image: 'x:1'}]"),
			Want:    []string{"Deployment/api container i: spec.template.spec.initContainers[0].image"},
		},
		"parameters": {Objects: packtest.Container("image: 'x:next'"), Want: []string{at}, Parameters: map[string]any{"moving": []any{"next"}}},
	})
}
