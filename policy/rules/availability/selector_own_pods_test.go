package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestSelectorOwnPods(t *testing.T) {
	const at = "Deployment/api: spec.selector"
	with := func(selector string) string {
		return but(api, "selector: {matchLabels: {app: api}}\n  template", "selector: "+selector+"\n  template")
	}
	packtest.Run(t, selectorOwnPods, map[string]packtest.Case{
		"its own":       {Objects: api},
		"others'":       {Objects: with("{matchLabels: {app: web}}"), Want: []string{at}},
		"more labels":   {Objects: with("{matchLabels: {app: api, extra: x}}"), Want: []string{at}},
		"an expression": {Objects: with("{matchExpressions: [{key: app, operator: Exists}]}")},
		"empty":         {Objects: with("{}"), Want: []string{at}},
		"absent":        {Objects: with("null"), Want: []string{at}},
		"wrong type":    {Objects: with("{matchLabels: [app]}"), Want: []string{at + ".matchLabels"}},
		"not known":     {Objects: with("{matchLabels: {app: <unknown>}}"), Undecided: []string{at + ".matchLabels.app"}},
		"a Job":         {Objects: but(with("{matchLabels: {app: web}}"), "Deployment", "Job")},
	})
}
