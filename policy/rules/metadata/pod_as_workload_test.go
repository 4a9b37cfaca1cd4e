package metadata

import (
	"testing"

	"platform/policy/packtest"
)

func TestPodAsWorkload(t *testing.T) {
	const at = "Deployment/api: spec.template.metadata.labels."
	with := func(own, template string) string {
		return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, labels: {" + own + "}}, spec: {template: {metadata: {labels: {" + template + "}}}}}"
	}
	packtest.Run(t, podAsWorkload, map[string]packtest.Case{
		"the same":   {Objects: with("app: a", "app: a, tier: b")},
		"another":    {Objects: with("app: a", "app: b"), Want: []string{at + "app"}},
		"one less":   {Objects: with("app: a, tier: b", "app: a"), Want: []string{at + "tier"}},
		"absent":     {Objects: with("", "")},
		"wrong type": {Objects: with("app: a", "app: 1"), Want: []string{at + "app"}},
		"not known":  {Objects: with("app: a", "app: <unknown>"), Undecided: []string{at + "app"}},
	})
}
