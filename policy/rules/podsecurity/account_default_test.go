package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestAccountDefault(t *testing.T) {
	const path = "ServiceAccount/api: automountServiceAccountToken"
	account := func(fields string) string { return packtest.InCore("v1", "ServiceAccount", "api", fields) }
	cases := table(account, map[string][2][]string{
		"automountServiceAccountToken: false":     {},
		"secrets: []":                             wrong(path),
		"automountServiceAccountToken: true":      wrong(path),
		"automountServiceAccountToken: 'false'":   wrong(path),
		"automountServiceAccountToken: <unknown>": undecided(path),
	})
	cases["of a pod"] = packtest.Case{Objects: deployment("automountServiceAccountToken: true")}
	packtest.Run(t, accountDefault, cases)
}
