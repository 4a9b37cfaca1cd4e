package metadata

import (
	"testing"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestOneEnvironment(t *testing.T) {
	const at = "Service/a: metadata.labels.platform/environment"
	of := func(namespace, service string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {" + namespace + "}}}\n---\n" + labelled("Service", service)
	}
	packtest.Run(t, packtest.Named(Rules, "stack-is-of-one-environment"), map[string]packtest.Case{
		"one":                          {Objects: of("platform/environment: prod", "platform/environment: prod")},
		"another":                      {Objects: of("platform/environment: prod", "platform/environment: staging"), Want: []string{at}},
		"near miss":                    {Objects: of("platform/environment: prod", "environment: staging")},
		"absent":                       {Objects: of("", "platform/environment: staging")},
		"elsewhere":                    {Objects: of("platform/environment: prod", "") + "\n---\n{apiVersion: v1, kind: Service, metadata: {name: b, namespace: other, labels: {platform/environment: dev}}}", Want: []string{"Service/b: metadata.labels.platform/environment"}},
		"in another of its namespaces": {Objects: of("platform/environment: prod", "") + "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: other, labels: {platform/environment: dev}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: b, namespace: other, labels: {platform/environment: dev}}}"},
		"of the cluster":               {Objects: of("platform/environment: prod", "") + "\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: b, labels: {platform/environment: dev}}}", Want: []string{"PersistentVolume/b: metadata.labels.platform/environment"}},
		"two namespaces":               {Objects: of("platform/environment: prod", "") + "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {platform/environment: dev}}}"},
		"wrong type":                   {Objects: of("platform/environment: prod", "platform/environment: 1"), Want: []string{at}},
		"not known":                    {Objects: of("platform/environment: prod", "platform/environment: <unknown>"), Undecided: []string{at}},
		"no Kubernetes":                {Objects: of("platform/environment: prod", "platform/environment: dev"), Change: func(o []pack.Object) { o[1].Kind = "" }},
	})
}

func TestPodAsWorkload(t *testing.T) {
	const at = "Deployment/api: spec.template.metadata.labels."
	with := func(own, template string) string {
		return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, labels: {" + own + "}}, spec: {template: {metadata: {labels: {" + template + "}}}}}"
	}
	packtest.Run(t, packtest.Named(Rules, "pod-has-the-labels-of-its-workload"), map[string]packtest.Case{
		"the same":   {Objects: with("app: a", "app: a, tier: b")},
		"another":    {Objects: with("app: a", "app: b"), Want: []string{at + "app"}},
		"one less":   {Objects: with("app: a, tier: b", "app: a"), Want: []string{at + "tier"}},
		"absent":     {Objects: with("", "")},
		"wrong type": {Objects: with("app: a", "app: 1"), Want: []string{at + "app"}},
		"not known":  {Objects: with("app: a", "app: <unknown>"), Undecided: []string{at + "app"}},
	})
}

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
	packtest.Run(t, packtest.Named(Rules, "object-has-standard-labels"), map[string]packtest.Case{
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
