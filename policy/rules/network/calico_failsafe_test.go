package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestCalicoFailsafe(t *testing.T) {
	const in, out = "FelixConfiguration/default: spec.failsafeInboundHostPorts", "FelixConfiguration/default: spec.failsafeOutboundHostPorts"
	felix := func(spec string) string {
		return "{apiVersion: projectcalico.org/v3, kind: FelixConfiguration, metadata: {name: default}, spec: {" + spec + "}}"
	}
	some := map[string]any{"inbound": []any{"22"}, "outbound": []any{"6443"}}
	packtest.Run(t, calicoFailsafe, map[string]packtest.Case{
		"Calico's own": {Objects: felix("bpfEnabled: false")},
		"kept":         {Objects: felix("failsafeInboundHostPorts: [{protocol: tcp, port: 22}, {protocol: tcp, port: 80}]"), Parameters: some},
		"none":         {Objects: felix("failsafeInboundHostPorts: [], failsafeOutboundHostPorts: []"), Parameters: some, Want: []string{in, out}},
		"near miss":    {Objects: felix("failsafeInboundHostPorts: [{protocol: udp, port: 22}]"), Parameters: some, Want: []string{in}},
		"etcd's": {
			Objects: felix("failsafeOutboundHostPorts: [{protocol: tcp, port: 6443}, {protocol: tcp, port: 2379}]"), Want: []string{out},
		},
		"wrong type": {Objects: felix("failsafeInboundHostPorts: none"), Parameters: some, Want: []string{in}},
		"not known": {
			Objects: felix("failsafeInboundHostPorts: <unknown>, failsafeOutboundHostPorts: [{protocol: tcp, port: <unknown>}]"), Parameters: some,
			Undecided: []string{in},
		},
	})
}
