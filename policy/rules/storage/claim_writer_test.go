package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestClaimWriter(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.accessModes"
	with := func(modes string) string { return but(claim, "storageClassName: local-path", "accessModes: "+modes) }
	packtest.Run(t, claimWriter, map[string]packtest.Case{
		"one node":   {Objects: with("[ReadWriteOnce]")},
		"one pod":    {Objects: with("[ReadWriteOncePod]")},
		"many":       {Objects: with("[ReadWriteOnce, ReadWriteMany]"), Want: []string{at + "[1]"}},
		"absent":     {Objects: claim, Want: []string{at}},
		"none":       {Objects: with("[]"), Want: []string{at}},
		"wrong type": {Objects: with("ReadWriteOnce"), Want: []string{at}},
		"not known":  {Objects: with("[<unknown>]"), Undecided: []string{at + "[0]"}},
	})
}
