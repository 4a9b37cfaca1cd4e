package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestSetKeeps(t *testing.T) {
	const at = "StatefulSet/db: spec.persistentVolumeClaimRetentionPolicy"
	with := func(policy string) string {
		return but(set, "serviceName: db-headless", "persistentVolumeClaimRetentionPolicy: "+policy)
	}
	packtest.Run(t, setKeeps, map[string]packtest.Case{
		"absent":     {Objects: set},
		"kept":       {Objects: with("{whenDeleted: Retain, whenScaled: Retain}")},
		"scaled":     {Objects: with("{whenScaled: Delete}"), Want: []string{at + ".whenScaled"}},
		"deleted":    {Objects: with("{whenDeleted: Delete}"), Want: []string{at + ".whenDeleted"}},
		"wrong type": {Objects: with("{whenDeleted: 1}"), Want: []string{at + ".whenDeleted"}},
		"not known":  {Objects: with("{whenDeleted: <unknown>}"), Undecided: []string{at + ".whenDeleted"}},
	})
}
