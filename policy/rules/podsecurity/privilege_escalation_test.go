package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestPrivilegeEscalation(t *testing.T) {
	const path = inContainer + "securityContext.allowPrivilegeEscalation"
	cases := table(secured, map[string][2][]string{
		"allowPrivilegeEscalation: false":     {},
		"allowPrivilegeEscalation: true":      wrong(path),
		"allowPrivilegeEscalation: 'false'":   wrong(path),
		"allowPrivilegeEscalation: <unknown>": undecided(path),
		"privileged: false":                   wrong(path),
	})
	cases["of the pod has no effect"] = packtest.Case{
		Objects: deployment("securityContext: {allowPrivilegeEscalation: false}, containers: [{name: a}]"), Want: []string{path},
	}
	packtest.Run(t, privilegeEscalation, cases)
}
