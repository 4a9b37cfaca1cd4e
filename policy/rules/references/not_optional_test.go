package references

import (
	"testing"

	"platform/policy/packtest"
)

func TestNotOptional(t *testing.T) {
	with := func(ref string) string {
		return packtest.Container("env: [{name: A, valueFrom: {secretKeyRef: {" + ref + "}}}]")
	}
	const ref = at + "env[0].valueFrom.secretKeyRef.optional"
	packtest.Run(t, notOptional, map[string]packtest.Case{
		"required":    {Objects: with("name: a, key: b, optional: false")},
		"absent":      {Objects: with("name: a, key: b")},
		"optional":    {Objects: with("name: a, key: b, optional: true"), Want: []string{ref}},
		"listed":      {Objects: with("name: gateway-token-key, key: TOKEN_ENCRYPTION_KEY, optional: true")},
		"another key": {Objects: with("name: gateway-token-key, key: TOKEN, optional: true"), Want: []string{ref}},
		"all of it":   {Objects: packtest.Container("envFrom: [{configMapRef: {name: a, optional: true}}]"), Want: []string{at + "envFrom[0].configMapRef.optional"}},
		"as files":    {Objects: packtest.Deployment("volumes: [{name: v, secret: {secretName: a, optional: true}}]"), Want: []string{packtest.InPod + "volumes[0].secret.optional"}},
		"wrong type":  {Objects: with("name: a, key: b, optional: 'true'"), Want: []string{ref}},
		"not known":   {Objects: with("name: a, key: b, optional: <unknown>"), Undecided: []string{ref}},
	})
}
