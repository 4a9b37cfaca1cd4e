package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestMountPropagation(t *testing.T) {
	const path = inContainer + "volumeMounts[0].mountPropagation"
	packtest.Run(t, mountPropagation, table(container, map[string][2][]string{
		"volumeMounts: [{name: a}]": {},
		"command: [a]":              {},
		"volumeMounts: [{name: a, mountPropagation: None}]":            {},
		"volumeMounts: [{name: a, mountPropagation: HostToContainer}]": wrong(path),
		"volumeMounts: [{name: a, mountPropagation: Bidirectional}]":   wrong(path),
		"volumeMounts: [{name: a, mountPropagation: 1}]":               wrong(path),
		"volumeMounts: [{name: a, mountPropagation: <unknown>}]":       undecided(path),
	}))
}
