package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestPortListened(t *testing.T) {
	const at = inContainer + "ports[0].containerPort"
	packtest.Run(t, portListened, map[string]packtest.Case{
		"by its words":   right("args: ['-addr', ':8080'], ports: [{containerPort: 8080}]"),
		"by a variable":  right("env: [{name: PORT, value: '8080'}], ports: [{containerPort: 8080}]"),
		"by itself":      right("image: 'postgres:16', ports: [{containerPort: 5432}]"),
		"another":        wrong("args: ['-addr', ':8080'], ports: [{containerPort: 8097}]", at),
		"near miss":      wrong("args: ['-addr', ':18080'], ports: [{containerPort: 8080}]", at),
		"of another":     wrong("image: 'redis:7', ports: [{containerPort: 5432}]", at),
		"of nobody":      right("image: 'wiki:1', env: [{name: NATS_URL, value: 'nats://nats:4222'}], ports: [{containerPort: 8080}]"),
		"one of several": right("image: 'wiki:1', env: [{name: METRICS_ADDR, value: ':9090'}], ports: [{containerPort: 8080}]"),
		"a namesake":     right("image: 'example.org:5000/other/frontend:1', ports: [{containerPort: 9000}]"),
		"the listed one": wrong("image: 'ghcr.io/epfl-enac/epfl/co2-calculator/frontend:v1.0.0', ports: [{containerPort: 9000}]", at),
		"absent":         right("command: [a]"),
		"all hosts":      wrong("args: ['--bind=0.0.0.0:80'], ports: [{containerPort: 8080}]", at),
		"wrong type":     wrong("ports: [{containerPort: http}]", at),
		"not known":      {Objects: container("ports: [{containerPort: <unknown>}]"), Undecided: []string{at}},
	})
}
