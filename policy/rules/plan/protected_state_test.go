package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestProtectedState(t *testing.T) {
	of := func(kind, environment string) string {
		return "{apiVersion: v1, kind: " + kind + ", metadata: {name: a, labels: {platform/environment: " + environment + "}}}"
	}
	want := []string{"PersistentVolumeClaim/a"}
	packtest.Run(t, protectedState, map[string]packtest.Case{
		"protected":   {Objects: of("PersistentVolumeClaim", "prod"), Change: changed(func(o *pack.Object) { o.Options.Protect = true })},
		"open":        {Objects: of("PersistentVolumeClaim", "prod"), Want: want},
		"staging":     {Objects: of("Namespace", "staging"), Want: []string{"Namespace/a"}},
		"near miss":   {Objects: of("PersistentVolumeClaim", "production")},
		"dev":         {Objects: of("PersistentVolumeClaim", "dev")},
		"no data":     {Objects: of("Deployment", "prod")},
		"absent":      {Objects: "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}"},
		"wrong type":  {Objects: of("PersistentVolumeClaim", "1"), Want: []string{"PersistentVolumeClaim/a: metadata.labels.platform/environment"}},
		"not known":   {Objects: of("PersistentVolumeClaim", "<unknown>"), Undecided: []string{"PersistentVolumeClaim/a: metadata.labels.platform/environment"}},
		"another one": {Objects: of("PersistentVolumeClaim", "production"), Parameters: map[string]any{"environments": []any{"production"}}, Want: want},
	})
}
