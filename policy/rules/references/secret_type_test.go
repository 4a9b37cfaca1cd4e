package references

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretType(t *testing.T) {
	const kind = "Secret/a: type"
	packtest.Run(t, secretType, map[string]packtest.Case{
		"opaque":       {Objects: secret("a", "type: Opaque, data: {a: b}")},
		"absent":       {Objects: secret("a", "stringData: {a: b}")},
		"login":        {Objects: secret("a", "type: kubernetes.io/dockerconfigjson, data: {.dockerconfigjson: b}")},
		"no login":     {Objects: secret("a", "type: kubernetes.io/dockerconfigjson, data: {a: b}"), Want: []string{kind}},
		"opaque login": {Objects: secret("a", "type: Opaque, data: {.dockerconfigjson: b}"), Want: []string{kind}},
		"TLS":          {Objects: secret("a", "type: kubernetes.io/tls, data: {tls.crt: a, tls.key: b}")},
		"half of it":   {Objects: secret("a", "type: kubernetes.io/tls, data: {tls.crt: a}"), Want: []string{kind}},
		"token":        {Objects: secret("a", "type: kubernetes.io/service-account-token, data: {a: b}"), Want: []string{kind}},
		"empty":        {Objects: secret("a", "type: Opaque"), Want: []string{"Secret/a: data"}},
		"wrong type":   {Objects: secret("a", "type: 1, data: {a: b}"), Want: []string{kind}},
		"not known":    {Objects: secret("a", "type: <unknown>, data: {a: b}"), Undecided: []string{kind}},
	})
}
