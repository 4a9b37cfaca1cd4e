package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretMarked(t *testing.T) {
	secret := func(fields string) string { return object("v1", "Secret", "a", fields) }
	packtest.Run(t, secretMarked, map[string]packtest.Case{
		"marked":     {Objects: secret("data: {a: <secret>x}, stringData: {b: <secret>y}")},
		"plain":      {Objects: secret("data: {a: <secret>x, b: eA==}"), Want: []string{"Secret/a: data.b"}},
		"near miss":  {Objects: secret("stringData: {a: x}"), Want: []string{"Secret/a: stringData.a"}},
		"absent":     {Objects: secret("type: Opaque")},
		"empty":      {Objects: secret("data: {}")},
		"wrong type": {Objects: secret("data: [x]"), Want: []string{"Secret/a: data[0]"}},
		"not known":  {Objects: secret("data: {a: <unknown>, b: x}"), Undecided: []string{"Secret/a: data.a"}, Want: []string{"Secret/a: data.b"}},
		"ConfigMap":  {Objects: object("v1", "ConfigMap", "a", "data: {a: x}")},
	})
}
