package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestPortListened(t *testing.T) {
	const at = inContainer + "ports[0].containerPort"
	packtest.Run(t, portListened, map[string]packtest.Case{
		"by its words":  right("args: ['-addr', ':8080'], ports: [{containerPort: 8080}]"),
		"by a variable": right("env: [{name: PORT, value: '8080'}], ports: [{containerPort: 8080}]"),
		"by itself":     right("image: 'postgres:16', ports: [{containerPort: 5432}]"),
		"another":       wrong("args: ['-addr', ':8080'], ports: [{containerPort: 8097}]", at),
		"near miss":     wrong("args: ['-addr', ':18080'], ports: [{containerPort: 8080}]", at),
		"of another":    wrong("image: 'redis:7', ports: [{containerPort: 5432}]", at),
		"of nobody":     right("image: 'wiki:1', env: [{name: NATS_URL, value: 'nats://nats:4222'}], ports: [{containerPort: 8080}]"),
		"absent":        right("command: [a]"),
		"all hosts":     wrong("args: ['--bind=0.0.0.0:80'], ports: [{containerPort: 8080}]", at),
		"wrong type":    wrong("ports: [{containerPort: http}]", at),
		"not known":     {Objects: container("ports: [{containerPort: <unknown>}]"), Undecided: []string{at}},
	})
}
