package images

import (
	"testing"

	"platform/policy/packtest"
)

func TestForeignDigest(t *testing.T) {
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	packtest.Run(t, foreignDigest, map[string]packtest.Case{
		"tag":            wrong("postgres:16-alpine"),
		"digest":         right("postgres" + digest),
		"tag and digest": right("postgres:16-alpine" + digest),
		"own":            right("eddisonso/ecloud-auth:20260215-062053"),
		"own, of EPFL":   right("ghcr.io/epfl-enac/backend:v1.0.0"),
		"nearly own":     wrong("ghcr.io/epfl/backend:v1.0.0"),
		"absent":         {Objects: packtest.Container("command: [a]")},
		"wrong type":     mistyped,
		"not known":      unknown,
		"parameters":     {Objects: packtest.Container("image: 'postgres:16'"), Parameters: map[string]any{"own": []any{"docker.io/library/postgres"}}},
	})
}
