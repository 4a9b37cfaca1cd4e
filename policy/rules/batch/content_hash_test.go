package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestContentHash(t *testing.T) {
	of := func(name string, want ...string) packtest.Case {
		return packtest.Case{Objects: "{apiVersion: batch/v1, kind: Job, metadata: {" + name + "}}", Want: want}
	}
	packtest.Run(t, contentHash, map[string]packtest.Case{
		"a hash":          of("name: migrate-713e2a5f3b57c610"),
		"the provider's":  of("name: migrate-1a2b3c4d"),
		"none":            of("name: migrate", "Job/migrate: metadata.name"),
		"a short one":     of("name: migrate-713e2a5", "Job/migrate-713e2a5: metadata.name"),
		"within":          of("name: migrate-713e2a5f3b57c610-now", "Job/migrate-713e2a5f3b57c610-now: metadata.name"),
		"letters":         of("name: migrate-database", "Job/migrate-database: metadata.name"),
		"absent":          of("namespace: core"),
		"wrong type":      of("name: 1", "Job/1: metadata.name"),
		"not known":       {Objects: of("name: <unknown>").Objects, Undecided: []string{"Job/<unknown>: metadata.name"}},
		"of a CronJob":    rightly("suspend: false"),
		"parameters":      {Objects: of("name: migrate-v2").Objects, Parameters: map[string]any{"ending": "-v[0-9]+$"}},
		"wrong parameter": {Objects: of("name: migrate-v2").Objects, Want: []string{"Job/migrate-v2: metadata.name"}, Parameters: map[string]any{"ending": "("}},
	})
}
