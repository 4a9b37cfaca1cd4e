package network

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestNamespaceIsNamed(t *testing.T) {
	const path = "metadata.namespace"
	packtest.Run(t, namespaceIsNamed, map[string]packtest.Case{
		"named":      {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: core}}"},
		"near miss":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: default-backend}}"},
		"default":    {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: default}}", Want: []string{"Service/a: " + path}},
		"absent":     {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}", Want: []string{"Service/a: " + path}},
		"not known":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: <unknown>}}", Undecided: []string{"Service/a: " + path}},
		"wrong type": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: 1}}", Want: []string{"Service/a: " + path}},
		"has none":   {Objects: "{apiVersion: v1, kind: Namespace, metadata: {name: core}}"},
		"custom":     {Objects: "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: a}}"},
		"custom in the cluster's own": {
			Objects: "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: a, namespace: kube-system}}", Want: []string{"HelmChart/a: " + path},
		},
		"permitted": {
			Objects:    "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: a, namespace: kube-system}}",
			Parameters: map[string]any{"refused": []any{"default"}},
		},
		"rights of the gateway": {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: gateway, namespace: default}}"},
		"rights of another": {
			Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: other, namespace: default}}", Want: []string{"Role/other: " + path},
		},
		"rights elsewhere": {
			Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: gateway, namespace: kube-system}}", Want: []string{"Role/gateway: " + path},
		},
		"a chart": {
			Objects: "{apiVersion: helm.sh/v4, kind: Job, metadata: {name: a}}", Change: func(objects []pack.Object) { objects[0].Value = pack.Value{} },
		},
		"no object of Kubernetes": {
			Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}",
			Change:  func(objects []pack.Object) { objects[0].Kind = "" },
		},
	})
}
