package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestServiceLinks(t *testing.T) {
	const path = inPod + "enableServiceLinks"
	packtest.Run(t, serviceLinks, table(deployment, map[string][2][]string{
		"enableServiceLinks: false":     {},
		"hostUsers: true":               wrong(path),
		"enableServiceLinks: true":      wrong(path),
		"enableServiceLinks: 'false'":   wrong(path),
		"enableServiceLinks: <unknown>": undecided(path),
	}))
}
