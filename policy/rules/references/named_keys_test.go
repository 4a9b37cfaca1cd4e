package references

import (
	"testing"

	"platform/policy/packtest"
)

func TestNamedKeys(t *testing.T) {
	const ref = at + "envFrom[0].secretRef"
	with := func(source string) string { return packtest.Container("envFrom: [{" + source + "}]") }
	packtest.Run(t, namedKeys, map[string]packtest.Case{
		"a ConfigMap": {Objects: with("configMapRef: {name: a}")},
		"a Secret":    {Objects: with("secretRef: {name: a}"), Want: []string{ref}},
		"one key":     {Objects: packtest.Container("env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]")},
		"absent":      {Objects: packtest.Container("command: [a]")},
		"wrong type":  {Objects: packtest.Container("envFrom: a"), Want: []string{at + "envFrom"}},
		"not known":   {Objects: with("secretRef: <unknown>"), Undecided: []string{ref}},
	})
}
