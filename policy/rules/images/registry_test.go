package images

import (
	"testing"

	"platform/policy/packtest"
)

func TestRegistry(t *testing.T) {
	packtest.Run(t, registry, map[string]packtest.Case{
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
