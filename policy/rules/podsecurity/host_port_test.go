package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPort(t *testing.T) {
	const path = container + "ports[0].hostPort"
	cases := table(with, map[string][2][]string{
		"ports: [{containerPort: 80, hostPort: 80}]":                                           wrong(path),
		"ports: [{containerPort: 80, hostPort: 0}]":                                            {},
		"ports: [{containerPort: 80}]":                                                         {},
		"ports: [{containerPort: 80, hostPort: '80'}]":                                         wrong(path),
		"ports: [{containerPort: 80, hostPort: <unknown>}, {containerPort: 81, hostPort: 81}]": {{container + "ports[1].hostPort"}, {path}},
		"image: x": {},
	})
	packtest.Run(t, hostPort, cases)
}
