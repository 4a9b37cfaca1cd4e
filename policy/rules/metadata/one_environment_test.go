package metadata

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestOneEnvironment(t *testing.T) {
	const at = "Service/a: metadata.labels.platform/environment"
	of := func(namespace, service string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {" + namespace + "}}}\n---\n" + labelled("Service", service)
	}
	packtest.Run(t, oneEnvironment, map[string]packtest.Case{
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
