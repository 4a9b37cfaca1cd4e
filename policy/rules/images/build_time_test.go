package images

import (
	"testing"
	"time"

	"platform/policy/packtest"
)

func TestBuildTime(t *testing.T) {
	now := func() time.Time { return time.Date(2026, time.February, 15, 6, 20, 53, 0, time.UTC) }
	packtest.Run(t, buildTime(now), map[string]packtest.Case{
		"now":                 right("eddisonso/ecloud-auth:20260215-062053"),
		"a second later":      wrong("eddisonso/ecloud-auth:20260215-062054"),
		"with its registry":   wrong("docker.io/eddisonso/ecloud-auth:v1"),
		"no day":              wrong("eddisonso/ecloud-auth:20260230-062053"),
		"no second":           wrong("eddisonso/ecloud-auth:20260115-0620"),
		"with more behind it": wrong("eddisonso/ecloud-auth:20260115-062053-dirty"),
		"with a fraction":     wrong("eddisonso/ecloud-auth:20260115-062053.5"),
		"digest alone":        wrong("eddisonso/ecloud-auth@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
		"absent":              wrong("eddisonso/ecloud-auth"),
		"somebody else's":     right("eddisonsoftware/auth:v1"),
		"of another registry": right("ghcr.io/eddisonso/auth:v1"),
		"wrong type":          mistyped,
		"not known":           unknown,
		"parameters": {
			Objects: packtest.Container("image: 'ghcr.io/team/a:20250101'"), Parameters: map[string]any{"repositories": []any{"ghcr.io/team"}, "layout": "20060102"},
		},
	})
}
