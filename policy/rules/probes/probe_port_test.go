package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestProbePort(t *testing.T) {
	const ports = "ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}], "
	const path = inContainer + "livenessProbe."
	packtest.Run(t, probePort, map[string]packtest.Case{
		"by number":    right(ports + "livenessProbe: {httpGet: {port: 80}}"),
		"by name":      right(ports + "livenessProbe: {tcpSocket: {port: http}}"),
		"gRPC":         right(ports + "livenessProbe: {grpc: {port: 80}}"),
		"by command":   right("livenessProbe: {exec: {command: [a]}}"),
		"other number": wrong(ports+"livenessProbe: {httpGet: {port: 81}}", path+"httpGet.port"),
		"other name":   wrong(ports+"livenessProbe: {tcpSocket: {port: https}}", path+"tcpSocket.port"),
		"other gRPC":   wrong(ports+"livenessProbe: {grpc: {port: 81}}", path+"grpc.port"),
		"by UDP":       wrong(ports+"livenessProbe: {tcpSocket: {port: dns}}", path+"tcpSocket.port"),
		"of each probe": wrong(ports+"readinessProbe: {tcpSocket: {port: 81}}, startupProbe: {tcpSocket: {port: 82}}",
			inContainer+"readinessProbe.tcpSocket.port", inContainer+"startupProbe.tcpSocket.port"),
		"none declared": wrong("livenessProbe: {tcpSocket: {port: 80}}", path+"tcpSocket.port"),
		"no port asked": wrong("ports: [{containerPort: 80}], livenessProbe: {tcpSocket: {}}", path+"tcpSocket.port"),
		"of another container": {
			Objects: deployment("containers: [{name: a, livenessProbe: {tcpSocket: {port: 80}}}, {name: b, ports: [{containerPort: 80}]}]"),
			Want:    []string{path + "tcpSocket.port"},
		},
		"absent":     right(ports + "image: x"),
		"wrong type": wrong(ports+"livenessProbe: {tcpSocket: {port: true}}", path+"tcpSocket.port"),
		"not known": {
			Objects: container(ports + "livenessProbe: {tcpSocket: {port: <unknown>}}, readinessProbe: {tcpSocket: {port: 81}}"),
			Want:    []string{inContainer + "readinessProbe.tcpSocket.port"}, Undecided: []string{path + "tcpSocket.port"},
		},
	})
}
