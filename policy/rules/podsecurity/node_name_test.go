package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestNodeName(t *testing.T) {
	const path = inPod + "nodeName"
	packtest.Run(t, nodeName, table(deployment, map[string][2][]string{
		"nodeName: ''":        {},
		"hostUsers: true":     {},
		"nodeName: s0":        wrong(path),
		"nodeName: 1":         wrong(path),
		"nodeName: <unknown>": undecided(path),
	}))
}
