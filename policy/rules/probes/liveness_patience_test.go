package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestLivenessPatience(t *testing.T) {
	const path = inContainer + "livenessProbe"
	both := func(liveness, readiness string) string {
		return "ports: [{name: http, containerPort: 80}], livenessProbe: {" + liveness + "}, readinessProbe: {" + readiness + "}"
	}
	const get = "httpGet: {path: /health, port: http}, "
	packtest.Run(t, livenessPatience, map[string]packtest.Case{
		"longer":              right(both(get+"periodSeconds: 20", get+"periodSeconds: 5")),
		"more often":          right(both(get+"failureThreshold: 4", get+"failureThreshold: 3")),
		"the same":            wrong(both(get+"periodSeconds: 10, failureThreshold: 3", get+"initialDelaySeconds: 1"), path),
		"shorter":             wrong(both(get+"periodSeconds: 5", get+"periodSeconds: 10"), path),
		"by defaults":         wrong(both("tcpSocket: {port: 80}", "tcpSocket: {port: 80}"), path),
		"a second above 30 s": right(both("periodSeconds: 31, failureThreshold: 1, tcpSocket: {port: 80}", "tcpSocket: {port: 80}")),
		"30 s":                wrong(both("periodSeconds: 30, failureThreshold: 1, tcpSocket: {port: 80}", "tcpSocket: {port: 80}"), path),
		"by name and number":  wrong(both("tcpSocket: {port: http}", "tcpSocket: {port: 80}"), path),
		"other ports":         right(both("tcpSocket: {port: 81}", "tcpSocket: {port: 80}")),
		"other paths":         right(both("httpGet: {path: /live, port: 80}", "httpGet: {path: /ready, port: 80}")),
		"the same path":       wrong(both("httpGet: {path: health, port: 80, scheme: HTTP}", "httpGet: {path: /health, port: 80}"), path),
		"other schemes":       right(both("httpGet: {port: 80, scheme: HTTPS}", "httpGet: {port: 80}")),
		"other kinds":         right(both("tcpSocket: {port: 80}", get+"periodSeconds: 10")),
		"the same command":    wrong(both("exec: {command: [a, b]}", "exec: {command: [a, b]}"), path),
		"other commands":      right(both("exec: {command: [a, b]}", "exec: {command: ['a b']}")),
		"the same gRPC":       wrong(both("grpc: {port: 80, service: s}", "grpc: {port: 80, service: s}"), path),
		"other gRPC":          right(both("grpc: {port: 80, service: s}", "grpc: {port: 80}")),
		"alive alone":         right("livenessProbe: {tcpSocket: {port: 80}}"),
		"ready alone":         right("readinessProbe: {tcpSocket: {port: 80}}"),
		"absent":              right("image: x"),
		"wrong type":          wrong(both("tcpSocket: {port: 80}, periodSeconds: ten", "tcpSocket: {port: 80}"), path+".periodSeconds"),
		"not known":           {Objects: container(both("tcpSocket: {port: <unknown>}", "tcpSocket: {port: 80}")), Undecided: []string{path + ".tcpSocket.port"}},
	})
}
