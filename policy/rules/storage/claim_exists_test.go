package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestClaimExists(t *testing.T) {
	const at = "StatefulSet/db: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"
	packtest.Run(t, claimExists, map[string]packtest.Case{
		"there":             {Objects: of(set, claim)},
		"not there":         {Objects: set, Want: []string{at}},
		"another name":      {Objects: of(set, but(claim, "name: data", "name: more")), Want: []string{at}},
		"another namespace": {Objects: of(set, but(claim, "namespace: a", "namespace: b")), Want: []string{at}},
		"absent":            {Objects: of(but(set, "claimName: data", ""), claim), Want: []string{at}},
		"no volumes":        {Objects: but(set, "volumes: [", "x: [")},
		"wrong type":        {Objects: of(but(set, "claimName: data", "claimName: 1"), claim), Want: []string{at}},
		"not known":         {Objects: of(but(set, "claimName: data", "claimName: <unknown>"), claim), Undecided: []string{at}},
		"a Job's":           {Objects: but(set, "StatefulSet", "Job"), Want: []string{"Job/db: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"}},
	})
}
