package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestWatchedChanges(t *testing.T) {
	ignores := func(paths ...string) func([]pack.Object) {
		return changed(func(o *pack.Object) { o.Options.IgnoreChanges = paths })
	}
	agreed := map[string]any{"agreed": []any{"Deployment/spec.replicas"}}
	deployment := annotated("Deployment", "")
	want := []string{"Deployment/a"}
	packtest.Run(t, watchedChanges, map[string]packtest.Case{
		"none":     {Objects: deployment},
		"one":      {Objects: deployment, Change: ignores("spec.template"), Want: want},
		"replicas": {Objects: deployment, Change: ignores("spec.replicas")},
		"cluster": {Objects: provided("context: a"), Change: func(objects []pack.Object) {
			asProvider(objects)
			ignores("clusterIdentifier")(objects)
		}},
		"context": {Objects: provided("context: a"), Change: func(objects []pack.Object) {
			asProvider(objects)
			ignores("context")(objects)
		}, Want: []string{providerType + "/cluster"}},
		"agreed":    {Objects: deployment, Change: ignores("spec.replicas"), Parameters: agreed},
		"near miss": {Objects: deployment, Change: ignores("spec.replicas", "spec"), Parameters: agreed, Want: want},
		"another":   {Objects: annotated("StatefulSet", ""), Change: ignores("spec.replicas"), Parameters: agreed, Want: []string{"StatefulSet/a"}},
		"not known": {Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: <unknown>}", Change: ignores()},
	})
}
