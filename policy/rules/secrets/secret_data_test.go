package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretData(t *testing.T) {
	const at = "Secret/a: stringData"
	secret := func(fields string) string { return object("v1", "Secret", "a", fields) }
	packtest.Run(t, secretData, map[string]packtest.Case{
		"data":       {Objects: secret("data: {a: <secret>x}")},
		"stringData": {Objects: secret("data: {a: <secret>x}, stringData: {b: <secret>y}"), Want: []string{at}},
		"near miss":  {Objects: secret("stringData: {}")},
		"absent":     {Objects: secret("type: Opaque")},
		"wrong type": {Objects: secret("stringData: x"), Want: []string{at}},
		"not known":  {Objects: secret("stringData: <unknown>"), Undecided: []string{at}},
	})
}
