package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostNamespaces(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"hostPID: true, hostIPC: true":      wrong(inPod+"hostPID", inPod+"hostIPC"),
		"hostPID: false, hostIPC: false":    {},
		"hostNetwork: true":                 {},
		"hostPID: 'yes'":                    wrong(inPod + "hostPID"),
		"hostPID: <unknown>, hostIPC: true": {{inPod + "hostIPC"}, {inPod + "hostPID"}},
	})
	packtest.Run(t, hostNamespaces, cases)
}
