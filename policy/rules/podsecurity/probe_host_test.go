package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestProbeHost(t *testing.T) {
	cases := table(with, map[string][2][]string{
		"livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}":                                            wrong(container + "livenessProbe.httpGet.host"),
		"readinessProbe: {tcpSocket: {port: 80, host: localhost}}":                                        wrong(container + "readinessProbe.tcpSocket.host"),
		"startupProbe: {httpGet: {port: 80, host: a}}":                                                    wrong(container + "startupProbe.httpGet.host"),
		"lifecycle: {preStop: {httpGet: {port: 80, host: a}}, postStart: {httpGet: {port: 80, host: b}}}": wrong(container+"lifecycle.preStop.httpGet.host", container+"lifecycle.postStart.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: ''}}":                                                  {},
		"livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Host, value: a}]}}":                     {},
		"livenessProbe: {httpGet: {port: 80, host: 1}}":                                                   wrong(container + "livenessProbe.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: <unknown>}}, readinessProbe: {httpGet: {host: a}}":     {{container + "readinessProbe.httpGet.host"}, {container + "livenessProbe.httpGet.host"}},
		"image: x": {},
	})
	packtest.Run(t, probeHost, cases)
}
