package services

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestBalancerPorts(t *testing.T) {
	const at = "Service/lb: spec.ports"
	with := func(ports string) string {
		return but(balancer, "[{name: http, port: 80}, {name: https, port: 443}]", ports)
	}
	some := map[string]any{"ports": []any{"80", "443-444"}}
	packtest.Run(t, balancerPorts, map[string]packtest.Case{
		"exactly":        {Objects: with("[{port: 80}, {port: 443}, {port: 444, protocol: TCP}]"), Parameters: some},
		"one more":       {Objects: with("[{port: 80}, {port: 443}, {port: 444}, {port: 445}]"), Parameters: some, Want: []string{at}},
		"one less":       {Objects: balancer, Parameters: some, Want: []string{at}},
		"by UDP":         {Objects: with("[{port: 80}, {port: 443}, {port: 444, protocol: UDP}]"), Parameters: some, Want: []string{at}},
		"of the default": {Objects: balancer, Want: []string{at}},
		"absent":         {Objects: with("null"), Parameters: some, Want: []string{at}},
		"inside":         {Objects: service},
		"wrong type":     {Objects: with("[{port: http}]"), Parameters: some, Want: []string{at + "[0].port"}},
		"not known":      {Objects: with("[{port: 80}, {port: <unknown>}]"), Parameters: some, Undecided: []string{at + "[1].port"}},
		"more, and one not known": {
			Objects: with("[{port: 22}, {port: <unknown>}]"), Parameters: some,
			Undecided: []string{at + "[1].port"}, Want: []string{at},
		},
		"type not known": {Objects: but(balancer, "type: LoadBalancer", "type: <unknown>"), Undecided: []string{"Service/lb: spec.type"}},
	})
}

func TestBalancerPortsSaysWhich(t *testing.T) {
	p := pack.Pack{Rules: []pack.Rule{balancerPorts}}
	ports := "[{port: 80}, {port: 443}, {port: 2222}, {port: 8000}, {port: 9000}, {port: 9001}]"
	var said []string
	for _, finding := range p.JudgeObject("test", packtest.Objects(t, but(balancer, "[{name: http, port: 80}, {name: https, port: 443}]", ports))[0]) {
		said = append(said, finding.Why)
	}
	assert.Equal(t, []string{"opens 9000-9001, which is not declared", "lacks 8001-8999, which is declared"}, said)
}
