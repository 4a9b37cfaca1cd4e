package metadata

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

const (
	common = "app.kubernetes.io/part-of: a, app.kubernetes.io/managed-by: pulumi, platform/environment: prod"
	all    = "app.kubernetes.io/name: a, app.kubernetes.io/component: a, app.kubernetes.io/instance: a, " + common
)

// labelled is an object with labels.
func labelled(kind, labels string) string {
	return "{apiVersion: v1, kind: " + kind + ", metadata: {name: a, namespace: core, labels: {" + labels + "}}}"
}

func TestStandardLabels(t *testing.T) {
	const at = "Service/a: metadata.labels."
	packtest.Run(t, standardLabels, map[string]packtest.Case{
		"all":               {Objects: labelled("Service", all)},
		"common alone":      {Objects: labelled("Service", common), Want: []string{at + "app.kubernetes.io/name", at + "app.kubernetes.io/component", at + "app.kubernetes.io/instance"}},
		"of a namespace":    {Objects: labelled("Namespace", common)},
		"near miss":         {Objects: labelled("Namespace", "app.kubernetes.io/part-of: a, app.kubernetes.io/managedby: pulumi, platform/environment: ''"), Want: []string{"Namespace/a: metadata.labels.app.kubernetes.io/managed-by", "Namespace/a: metadata.labels.platform/environment"}},
		"absent":            {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}", Parameters: map[string]any{"labels": []any{"owner"}}, Want: []string{at + "owner"}},
		"wrong type":        {Objects: labelled("Service", "owner: 1"), Parameters: map[string]any{"labels": []any{"owner"}}, Want: []string{at + "owner"}},
		"not known":         {Objects: labelled("Service", "owner: <unknown>"), Parameters: map[string]any{"labels": []any{"owner", "team"}}, Undecided: []string{at + "owner"}, Want: []string{at + "team"}},
		"a patch":           {Objects: labelled("ServicePatch", "")},
		"a file":            {Objects: labelled("ConfigFile", ""), Change: func(o []pack.Object) { o[0].Value = pack.Object{}.Value }},
		"not of Kubernetes": {Objects: labelled("Service", ""), Change: func(o []pack.Object) { o[0].Kind = "" }},
	})
}
