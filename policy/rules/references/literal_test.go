package references

import (
	"testing"

	"platform/policy/packtest"
)

func TestLiteral(t *testing.T) {
	const value = at + "env[0].value"
	ours := secret("db", "data: {DB_URL: x}")
	with := func(variable string) string { return packtest.Container("env: [{" + variable + "}]") }
	packtest.Run(t, literal, map[string]packtest.Case{
		"by reference": {Objects: documents(ours, with("name: DB_URL, valueFrom: {secretKeyRef: {name: db, key: DB_URL}}"))},
		"in clear":     {Objects: documents(ours, with("name: DB_URL, value: x")), Want: []string{value}},
		"as text":      {Objects: documents(secret("db", "stringData: {DB_URL: x}"), with("name: DB_URL, value: x")), Want: []string{value}},
		"by its name":  {Objects: with("name: ROLE_PASSWORD_0, value: x"), Want: []string{value}},
		"a switch":     {Objects: with("name: DISABLE_AUTH, value: 'true'")},
		"empty":        {Objects: with("name: ROLE_PASSWORD_0, value: ''"), Want: []string{value}},
		"near miss":    {Objects: with("name: PASSWORD_LENGTH, value: x")},
		"another":      {Objects: documents(ours, with("name: DB_HOST, value: x"))},
		"elsewhere":    {Objects: documents(packtest.But(ours, "namespace: core", "namespace: other"), with("name: DB_URL, value: x"))},
		"absent":       {Objects: documents(ours, packtest.Container("command: [a]"))},
		"wrong type":   {Objects: documents(ours, with("name: 1, value: x")), Want: []string{at + "env[0].name"}},
		"not known":    {Objects: documents(ours, with("name: <unknown>, value: x")), Undecided: []string{at + "env[0].name"}},
	})
}
