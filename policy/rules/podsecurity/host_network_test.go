package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostNetwork(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"hostNetwork: true":      wrong(inPod + "hostNetwork"),
		"hostNetwork: false":     {},
		"hostPID: true":          {},
		"hostNetwork: 'true'":    wrong(inPod + "hostNetwork"),
		"hostNetwork: <unknown>": undecided(inPod + "hostNetwork"),
	})
	packtest.Run(t, hostNetwork, cases)
}
