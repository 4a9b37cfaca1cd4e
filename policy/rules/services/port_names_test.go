package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestPortNames(t *testing.T) {
	const first, second = "Service/api: spec.ports[0]", "Service/api: spec.ports[1]"
	with := func(ports string) string { return but(service, "{name: http, port: 80, targetPort: http}", ports) }
	packtest.Run(t, portNames, map[string]packtest.Case{
		"two":            {Objects: with("{name: a, port: 1}, {name: b, port: 2}")},
		"one, unnamed":   {Objects: with("{port: 1}")},
		"absent":         {Objects: with("{name: a, port: 1}, {port: 2}"), Want: []string{second + ".name"}},
		"malformed":      {Objects: with("{name: A_b, port: 1}"), Want: []string{first + ".name"}},
		"same name":      {Objects: with("{name: a, port: 1}, {name: a, port: 2}"), Want: []string{second + ".name"}},
		"same number":    {Objects: with("{name: a, port: 1}, {name: b, port: 1, protocol: TCP}"), Want: []string{second + ".port"}},
		"two protocols":  {Objects: with("{name: a, port: 1}, {name: b, port: 1, protocol: UDP}")},
		"no port":        {Objects: with("{name: a, port: 65536}"), Want: []string{first + ".port"}},
		"number absent":  {Objects: with("{name: a}"), Want: []string{first + ".port"}},
		"wrong type":     {Objects: with("{name: 1, port: 1}"), Want: []string{first + ".name"}},
		"not known":      {Objects: with("{name: <unknown>, port: 1}, {name: B, port: 2}"), Undecided: []string{first + ".name"}, Want: []string{second + ".name"}},
		"no ports":       {Objects: with("")},
		"no Service":     {Objects: api},
		"the whole list": {Objects: but(service, "[{name: http, port: 80, targetPort: http}]", "<unknown>"), Undecided: []string{"Service/api: spec.ports"}},
	})
}
