package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestClaimSize(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.resources.requests.storage"
	with := func(size string) string {
		return but(claim, "storageClassName: local-path", "resources: {requests: {storage: "+size+"}}")
	}
	packtest.Run(t, claimSize, map[string]packtest.Case{
		"within":     {Objects: with("1Ti")},
		"more":       {Objects: with("1025Gi"), Want: []string{at}},
		"absent":     {Objects: claim, Want: []string{at}},
		"zero":       {Objects: with("0"), Want: []string{at}},
		"wrong type": {Objects: with("much"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
