package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestOperatorTarget(t *testing.T) {
	const auth = "infisicalAuthRef: {name: a, namespace: infisical}, "
	const sources = "sources: [{projectId: p, environmentSlug: prod, secretPath: /a}], "
	const targets = "targets: [{name: s, namespace: core, kind: Secret, creationPolicy: Orphan}]"
	const at = "InfisicalStaticSecret/a: spec."
	packtest.Run(t, operatorTarget, map[string]packtest.Case{
		"whole":      {Objects: operatedBy("a", auth+sources+targets)},
		"no login":   {Objects: operatedBy("a", sources+targets), Want: []string{at + "infisicalAuthRef.name", at + "infisicalAuthRef.namespace"}},
		"no source":  {Objects: operatedBy("a", auth+targets), Want: []string{at + "sources"}},
		"no target":  {Objects: operatedBy("a", auth+sources+"targets: []"), Want: []string{at + "targets"}},
		"no project": {Objects: operatedBy("a", auth+"sources: [{environmentSlug: prod, secretPath: /a}], "+targets), Want: []string{at + "sources[0].projectId"}},
		"no folder":  {Objects: operatedBy("a", auth+"sources: [{projectId: p, environmentSlug: prod}], "+targets), Want: []string{at + "sources[0].secretPath"}},
		"near miss":  {Objects: operatedBy("a", auth+"sources: [{projectId: p, environmentSlug: prod, secretPath: a/}], "+targets), Want: []string{at + "sources[0].secretPath"}},
		"owned":      {Objects: operatedBy("a", auth+sources+"targets: [{name: s, namespace: core, kind: Secret, creationPolicy: Owner}]"), Want: []string{at + "targets[0].creationPolicy"}},
		"ConfigMap":  {Objects: operatedBy("a", auth+sources+"targets: [{name: s, namespace: core, kind: ConfigMap, creationPolicy: Orphan}]"), Want: []string{at + "targets[0].kind"}},
		"nameless": {
			Objects: operatedBy("a", auth+sources+"targets: [{kind: Secret, creationPolicy: Orphan}]"), Want: []string{at + "targets[0].name", at + "targets[0].namespace"},
		},
		"absent":     {Objects: object("v1", "Secret", "a", "data: {}")},
		"wrong type": {Objects: operatedBy("a", auth+"sources: 1, "+targets), Want: []string{at + "sources"}},
		"not known": {
			Objects:   operatedBy("a", auth+sources+"targets: [{name: <unknown>, namespace: core, kind: <unknown>, creationPolicy: Owner}]"),
			Undecided: []string{at + "targets[0].name", at + "targets[0].kind"}, Want: []string{at + "targets[0].creationPolicy"},
		},
	})
}
