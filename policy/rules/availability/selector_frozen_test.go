package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestSelectorFrozen(t *testing.T) {
	const at = "Deployment/api: spec.selector.match"
	with := func(selector string) string {
		return but(api, "selector: {matchLabels: {app: api}}\n  template", "selector: "+selector+"\n  template")
	}
	packtest.Run(t, selectorFrozen, map[string]packtest.Case{
		"frozen":        {Objects: api},
		"version":       {Objects: with("{matchLabels: {app: api, app.kubernetes.io/version: v1}}"), Want: []string{at + "Labels.app.kubernetes.io/version"}},
		"name":          {Objects: with("{matchLabels: {app.kubernetes.io/name: api}}")},
		"an expression": {Objects: with("{matchExpressions: [{key: version, operator: Exists}]}"), Want: []string{at + "Expressions[0].key"}},
		"a frozen one":  {Objects: with("{matchExpressions: [{key: app, operator: Exists}]}")},
		"a parameter": {
			Objects: with("{matchLabels: {color: blue, version: v1}}"), Want: []string{at + "Labels.color"},
			Parameters: map[string]any{"changing-labels": []any{"color"}},
		},
		"absent":     {Objects: with("null")},
		"wrong type": {Objects: with("{matchLabels: api}"), Want: []string{at + "Labels"}},
		"not known":  {Objects: with("{matchLabels: <unknown>}"), Undecided: []string{at + "Labels"}},
		"a value is": {Objects: with("{matchLabels: {version: <unknown>}}"), Want: []string{at + "Labels.version"}},
	})
}
