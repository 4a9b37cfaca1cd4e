package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPort(t *testing.T) {
	const path = inContainer + "ports[0].hostPort"
	cases := table(container, map[string][2][]string{
		"ports: [{containerPort: 80, hostPort: 80}]":                                           wrong(path),
		"ports: [{containerPort: 80, hostPort: 0}]":                                            {},
		"ports: [{containerPort: 80}]":                                                         {},
		"ports: [{containerPort: 80, hostPort: '80'}]":                                         wrong(path),
		"ports: [{containerPort: 80, hostPort: <unknown>}, {containerPort: 81, hostPort: 81}]": {{inContainer + "ports[1].hostPort"}, {path}},
		"image: x": {},
	})
	packtest.Run(t, hostPort, cases)
}
