package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostNamespaces(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"hostPID: true":      wrong(inPod + "hostPID"),
		"hostPID: false":     {},
		"hostIPC: true":      {},
		"hostNetwork: true":  {},
		"hostPID: 'yes'":     wrong(inPod + "hostPID"),
		"hostPID: <unknown>": undecided(inPod + "hostPID"),
	})
	packtest.Run(t, hostNamespaces, cases)
}
