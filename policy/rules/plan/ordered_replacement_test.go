package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestOrderedReplacement(t *testing.T) {
	first := func(first bool) func([]pack.Object) {
		return changed(func(o *pack.Object) { o.Options.DeleteBeforeReplace = &first })
	}
	const claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}"
	packtest.Run(t, orderedReplacement, map[string]packtest.Case{
		"absent":    {Objects: claim},
		"after":     {Objects: claim, Change: first(false)},
		"first":     {Objects: claim, Change: first(true), Want: []string{"PersistentVolumeClaim/a"}},
		"near miss": {Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: a}}", Change: first(true)},
		"not known": {Objects: "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: <unknown>}}", Change: first(false)},
	})
}
