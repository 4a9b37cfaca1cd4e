package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostMemory(t *testing.T) {
	const path = inPod + "hostIPC"
	packtest.Run(t, hostMemory, table(deployment, map[string][2][]string{
		"hostIPC: false":     {},
		"hostUsers: true":    {},
		"hostIPC: true":      wrong(path),
		"hostIPC: 'yes'":     wrong(path),
		"hostIPC: <unknown>": undecided(path),
	}))
}
