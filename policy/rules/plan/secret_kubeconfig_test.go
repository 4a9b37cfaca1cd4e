package plan

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretKubeconfig(t *testing.T) {
	want := []string{ofProvider + "kubeconfig"}
	packtest.Run(t, secretKubeconfig, map[string]packtest.Case{
		"a path":     {Objects: provided("kubeconfig: ~/.kube/config"), Change: asProvider},
		"absent":     {Objects: provided("context: a"), Change: asProvider},
		"YAML":       {Objects: provided(`kubeconfig: "apiVersion: v1\nusers: []"`), Change: asProvider, Want: want},
		"JSON":       {Objects: provided(`kubeconfig: '{"users": []}'`), Change: asProvider, Want: want},
		"near miss":  {Objects: provided(`kubeconfig: "<secret>apiVersion: v1\nusers: []"`), Change: asProvider},
		"wrong type": {Objects: provided("kubeconfig: [a]"), Change: asProvider, Want: want},
		"not known":  {Objects: provided("kubeconfig: <unknown>"), Change: asProvider, Undecided: want},
		"an object":  {Objects: `{apiVersion: v1, kind: Service, metadata: {name: a}, kubeconfig: "{"}`},
	})
}
