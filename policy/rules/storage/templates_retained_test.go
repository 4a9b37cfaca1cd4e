package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestTemplatesRetained(t *testing.T) {
	const deleted = "StatefulSet/db: spec.persistentVolumeClaimRetentionPolicy.whenDeleted"
	const scaled = "StatefulSet/db: spec.persistentVolumeClaimRetentionPolicy.whenScaled"
	with := func(policy string) string {
		return but(set, "serviceName: db-headless", "volumeClaimTemplates: [{spec: {}}]\n  persistentVolumeClaimRetentionPolicy: "+policy)
	}
	packtest.Run(t, templatesRetained, map[string]packtest.Case{
		"both":          {Objects: with("{whenDeleted: Retain, whenScaled: Retain}")},
		"with the set":  {Objects: with("{whenDeleted: Delete, whenScaled: Retain}"), Want: []string{deleted}},
		"one is absent": {Objects: with("{whenDeleted: Retain}"), Want: []string{scaled}},
		"absent":        {Objects: with("null"), Want: []string{deleted, scaled}},
		"no templates":  {Objects: set},
		"wrong type":    {Objects: with("{whenDeleted: Retain, whenScaled: true}"), Want: []string{scaled}},
		"not known":     {Objects: with("{whenDeleted: <unknown>, whenScaled: Delete}"), Undecided: []string{deleted}, Want: []string{scaled}},
		"templates are": {Objects: but(with("{whenDeleted: Retain}"), "[{spec: {}}]", "<unknown>"), Want: []string{scaled}},
	})
}
