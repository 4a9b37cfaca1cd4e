package secrets

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestElsewhere(t *testing.T) {
	issuer := func(spec string) string {
		return "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: a}, spec: {" + spec + "}}"
	}
	const at = "ClusterIssuer/a: spec."
	packtest.Run(t, elsewhere, map[string]packtest.Case{
		"referred":    {Objects: issuer("acme: {solvers: [{dns01: {apiTokenSecretRef: {name: a, key: api-token}}}]}")},
		"by form":     {Objects: issuer("acme: {solvers: [{url: 'https://a:hunter2@example.org'}]}"), Want: []string{at + "acme.solvers[0].url"}},
		"marked":      {Objects: issuer("token: <secret>b"), Want: []string{at + "token"}},
		"near miss":   {Objects: issuer("password: hunter2, secretKey: tK7pQ2mX9vR4bN8cW3jL6hD5, url: 'https://a:{{ .Value }}@b'")},
		"absent":      {Objects: issuer("")},
		"wrong type":  {Objects: issuer("token: 1, other: [true]")},
		"not known":   {Objects: issuer("a: <unknown>, b: 'https://a:hunter2@example.org'"), Want: []string{at + "b"}},
		"in a Secret": {Objects: object("v1", "Secret", "a", "spec: {a: 'https://a:hunter2@example.org'}")},
		"no object of Kubernetes": {
			Objects: issuer("a: 'https://a:hunter2@example.org'"), Change: func(objects []pack.Object) { objects[0].Kind = "" },
		},
	})
}
