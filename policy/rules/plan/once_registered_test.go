package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestOnceRegistered(t *testing.T) {
	of := func(version, kind, metadata string) string {
		return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {" + metadata + "}}"
	}
	two := func(a, b string) string { return a + "\n---\n" + b }
	service := of("v1", "Service", "name: a, namespace: core")
	want := []string{"Service/a: metadata.name"}
	packtest.Run(t, onceRegistered, map[string]packtest.Case{
		"once":            {Objects: two(service, of("v1", "Service", "name: b, namespace: core"))},
		"twice":           {Objects: two(service, service), Want: want},
		"another kind":    {Objects: two(service, of("v1", "ConfigMap", "name: a, namespace: core"))},
		"near miss":       {Objects: two(service, of("v1", "Service", "name: a, namespace: other"))},
		"another group":   {Objects: two(of("networking.k8s.io/v1", "NetworkPolicy", "name: a"), of("projectcalico.org/v3", "NetworkPolicy", "name: a"))},
		"another version": {Objects: two(of("apps/v1", "Deployment", "name: a"), of("apps/v1beta2", "Deployment", "name: a")), Want: []string{"Deployment/a: metadata.name"}},
		"patched":         {Objects: two(of("v1", "ServicePatch", "name: a"), of("v1", "ServicePatch", "name: a"))},
		"absent":          {Objects: two(of("v1", "Service", "namespace: core"), of("v1", "Service", "namespace: core"))},
		"wrong type":      {Objects: of("v1", "Service", "name: 1"), Want: []string{"Service/1: metadata.name"}},
		"not known":       {Objects: two(of("v1", "Service", "name: <unknown>"), two(service, service)), Undecided: []string{"Service/<unknown>: metadata.name"}, Want: want},
		"no Kubernetes": {
			Objects: two(service, service), Change: func(o []pack.Object) { o[0].Kind, o[1].Kind = "", "" },
		},
	})
}
