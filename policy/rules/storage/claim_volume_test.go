package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestClaimVolume(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.volumeName"
	packtest.Run(t, claimVolume, map[string]packtest.Case{
		"absent":     {Objects: claim},
		"named":      {Objects: but(claim, "local-path", "local-path, volumeName: old"), Want: []string{at}},
		"by hand":    {Objects: but(claim, "local-path", "'', volumeName: old")},
		"wrong type": {Objects: but(claim, "local-path", "local-path, volumeName: 1"), Want: []string{at}},
		"not known":  {Objects: but(claim, "local-path", "local-path, volumeName: <unknown>"), Undecided: []string{at}},
	})
}
