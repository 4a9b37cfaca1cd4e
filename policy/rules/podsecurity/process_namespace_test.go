package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestProcessNamespace(t *testing.T) {
	const path = inPod + "shareProcessNamespace"
	packtest.Run(t, processNamespace, table(deployment, map[string][2][]string{
		"shareProcessNamespace: false":     {},
		"hostUsers: true":                  {},
		"shareProcessNamespace: true":      wrong(path),
		"shareProcessNamespace: 'false'":   wrong(path),
		"shareProcessNamespace: <unknown>": undecided(path),
	}))
}
