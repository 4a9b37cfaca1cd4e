package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPortUnique(t *testing.T) {
	const path = "DaemonSet/second container a: spec.template.spec.containers[0].ports[0].hostPort"
	daemons := func(first, second string) string {
		return packtest.Join(packtest.Workload("DaemonSet", "first", "", first), packtest.Workload("DaemonSet", "second", "", second))
	}
	of := func(port string) string { return "containers: [{name: a, ports: [{containerPort: 80, " + port + "}]}]" }
	plain := of("name: http")
	cases := map[string]packtest.Case{
		"one of each":        {Objects: daemons(of("hostPort: 80"), of("hostPort: 81"))},
		"the same":           {Objects: daemons(of("hostPort: 80"), of("hostPort: 80")), Want: []string{path}},
		"by TCP and UDP":     {Objects: daemons(of("hostPort: 80"), of("hostPort: 80, protocol: UDP"))},
		"by TCP as default":  {Objects: daemons(of("hostPort: 80"), of("hostPort: 80, protocol: TCP")), Want: []string{path}},
		"at other addresses": {Objects: daemons(of("hostPort: 80, hostIP: 10.0.0.1"), of("hostPort: 80, hostIP: 10.0.0.2"))},
		"at all addresses":   {Objects: daemons(of("hostPort: 80, hostIP: 10.0.0.1"), of("hostPort: 80, hostIP: 0.0.0.0")), Want: []string{path}},
		"at all of IPv6":     {Objects: daemons(of("hostPort: 80, hostIP: 'fd00::1'"), of("hostPort: 80, hostIP: '::'")), Want: []string{path}},
		"on other nodes":     {Objects: daemons("nodeSelector: {zone: one}, "+of("hostPort: 80"), "nodeSelector: {zone: two}, "+of("hostPort: 80"))},
		"on some nodes":      {Objects: daemons("nodeSelector: {zone: one}, "+of("hostPort: 80"), "nodeSelector: {disk: fast}, "+of("hostPort: 80")), Want: []string{path}},
		"none":               {Objects: daemons(plain, plain)},
		"on the node's network": {
			Objects: daemons("hostNetwork: true, "+plain, "hostNetwork: true, "+plain),
			Want:    []string{"DaemonSet/second container a: spec.template.spec.containers[0].ports[0].containerPort"},
		},
		"wrong type": {Objects: daemons(of("hostPort: '80'"), of("hostPort: 80")), Want: []string{
			"DaemonSet/first container a: spec.template.spec.containers[0].ports[0].hostPort",
		}},
		"not known": {Objects: daemons(of("hostPort: <unknown>"), of("hostPort: 80")), Undecided: []string{
			"DaemonSet/first container a: spec.template.spec.containers[0].ports[0].hostPort",
		}},
	}
	packtest.Run(t, hostPortUnique, cases)
}
