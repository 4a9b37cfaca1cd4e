package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestProcMount(t *testing.T) {
	const path = inContainer + "securityContext.procMount"
	cases := table(secured, map[string][2][]string{
		"procMount: Default":   {},
		"procMount: Unmasked":  wrong(path),
		"procMount: true":      wrong(path),
		"procMount: <unknown>": undecided(path),
		"privileged: false":    {},
	})
	packtest.Run(t, procMount, cases)
}
