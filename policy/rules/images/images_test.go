package images

import (
	"testing"

	"platform/tests/packtest"
)

// at is where a finding about the image of a case is.
const at = packtest.InContainer + "image"

// wrong is the case of an image that breaks the rule, and right of one that does not.
func wrong(image string) packtest.Case {
	return packtest.Case{Objects: packtest.Container("image: " + image), Want: []string{at}}
}

func right(image string) packtest.Case {
	return packtest.Case{Objects: packtest.Container("image: " + image)}
}

// unknown and mistyped are images that every rule meets.
var (
	unknown  = packtest.Case{Objects: packtest.Container("image: <unknown>"), Undecided: []string{at}}
	mistyped = wrong("1")
)

func TestForeignDigest(t *testing.T) {
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "foreign-image-has-digest"), map[string]any{"own": []any{"docker.io/eddisonso", "ghcr.io/epfl-enac"}, "trial": false}), map[string]packtest.Case{
		"tag":            wrong("postgres:16-alpine"),
		"digest":         right("postgres" + digest),
		"tag and digest": right("postgres:16-alpine" + digest),
		"own":            right("eddisonso/ecloud-auth:20260215-062053"),
		"own, of EPFL":   right("ghcr.io/epfl-enac/backend:v1.0.0"),
		"nearly own":     wrong("ghcr.io/epfl/backend:v1.0.0"),
		"absent":         {Objects: packtest.Container("command: [a]")},
		"wrong type":     mistyped,
		"not known":      unknown,
		"trial":          {Objects: packtest.Container("image: 'postgres:16'"), Parameters: map[string]any{"trial": true}},
		"parameters":     {Objects: packtest.Container("image: 'postgres:16'"), Parameters: map[string]any{"own": []any{"docker.io/library/postgres"}}},
	})
}

func TestPullPolicy(t *testing.T) {
	const path = "Deployment/api container a: spec.template.spec.containers[0].imagePullPolicy"
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	of := func(image, policy string, want ...string) packtest.Case {
		return packtest.Case{Objects: packtest.Container("image: '" + image + "', " + policy), Want: want}
	}
	packtest.Run(t, packtest.Named(Rules, "image-pull-policy-fits-tag"), map[string]packtest.Case{
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

func TestRegistry(t *testing.T) {
	packtest.Run(t, packtest.With(packtest.Named(Rules, "image-comes-from-allowed-registry"), map[string]any{"allowed": []any{"docker.io/eddisonso", "docker.io/library", "docker.io/oliver006/redis_exporter", "docker.io/rancher", "ghcr.io/epfl-enac"}}), map[string]packtest.Case{
		"official":          right("postgres:16-alpine"),
		"of Edd Cloud":      right("eddisonso/ecloud-auth:20260215-062053"),
		"of Rancher":        right("docker.io/rancher/mirrored-library-busybox:1.36.1"),
		"of EPFL":           right("ghcr.io/epfl-enac/epfl/co2-calculator/backend:v1.0.0"),
		"one repository":    right("oliver006/redis_exporter:v1.74.0"),
		"its neighbour":     wrong("oliver006/redis_exporters:v1.74.0"),
		"Bitnami's":         wrong("bitnami/postgresql:16"),
		"the same name":     wrong("quay.io/eddisonso/ecloud-auth:20260215-062053"),
		"a longer name":     wrong("ghcr.io/epfl-enac-it/backend:v1"),
		"no reference":      right("'No: 1'"),
		"absent":            {Objects: packtest.Container("command: [a]")},
		"wrong type":        mistyped,
		"not known":         unknown,
		"Bitnami's of old":  {Objects: packtest.Container("image: 'bitnamilegacy/redis:7'"), Want: []string{at}, Parameters: map[string]any{"allowed": []any{"docker.io"}}},
		"Bitnami's, widely": {Objects: packtest.Container("image: 'bitnami/redis:7'"), Want: []string{at}, Parameters: map[string]any{"allowed": []any{"docker.io"}}},
		"widely":            {Objects: packtest.Container("image: 'any/redis:7'"), Parameters: map[string]any{"allowed": []any{"docker.io/"}}},
	})
}

func TestOfStackFile(t *testing.T) {
	const at = packtest.InContainer + "image"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "image-is-of-the-stack-file"), map[string]any{"images": []any{"postgres:16"}}), map[string]packtest.Case{
		"named":       {Objects: packtest.Container("image: 'postgres:16'")},
		"another tag": {Objects: packtest.Container("image: 'postgres:latest'"), Want: []string{at}},
		"absent":      {Objects: packtest.Container("command: [a]"), Want: []string{at}},
		"wrong type":  {Objects: packtest.Container("image: 1"), Want: []string{at}},
		"not known":   {Objects: packtest.Container("image: <unknown>"), Undecided: []string{at}},
	})
}
