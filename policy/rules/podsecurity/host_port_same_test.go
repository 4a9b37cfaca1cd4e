package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPortSame(t *testing.T) {
	const path = inContainer + "ports[0].hostPort"
	on := func(port string) string {
		return deployment("hostNetwork: true, containers: [{name: a, ports: [{" + port + "}]}]")
	}
	cases := table(on, map[string][2][]string{
		"containerPort: 80, hostPort: 80":        {},
		"containerPort: 80":                      {},
		"containerPort: 80, hostPort: 81":        wrong(path),
		"containerPort: 80, hostPort: '80'":      wrong(path),
		"containerPort: 80, hostPort: <unknown>": undecided(path),
	})
	cases["of its own network"] = packtest.Case{Objects: container("ports: [{containerPort: 80, hostPort: 81}]")}
	packtest.Run(t, hostPortSame, cases)
}
