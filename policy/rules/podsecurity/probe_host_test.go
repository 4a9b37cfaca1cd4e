package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestProbeHost(t *testing.T) {
	cases := table(container, map[string][2][]string{
		"livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}":                                            wrong(inContainer + "livenessProbe.httpGet.host"),
		"readinessProbe: {tcpSocket: {port: 80, host: localhost}}":                                        wrong(inContainer + "readinessProbe.tcpSocket.host"),
		"startupProbe: {httpGet: {port: 80, host: a}}":                                                    wrong(inContainer + "startupProbe.httpGet.host"),
		"lifecycle: {preStop: {httpGet: {port: 80, host: a}}, postStart: {httpGet: {port: 80, host: b}}}": wrong(inContainer+"lifecycle.preStop.httpGet.host", inContainer+"lifecycle.postStart.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: ''}}":                                                  {},
		"livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Host, value: a}]}}":                     {},
		"livenessProbe: {httpGet: {port: 80, host: 1}}":                                                   wrong(inContainer + "livenessProbe.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: <unknown>}}, readinessProbe: {httpGet: {host: a}}":     {{inContainer + "readinessProbe.httpGet.host"}, {inContainer + "livenessProbe.httpGet.host"}},
		"image: x": {},
	})
	packtest.Run(t, probeHost, cases)
}
