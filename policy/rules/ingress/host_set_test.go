package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostSet(t *testing.T) {
	const at = "Ingress/edge: spec.rules[0].host"
	with := func(host string) string { return but(ingress, "- host: web.test", "- host: "+host) }
	packtest.Run(t, hostSet, map[string]packtest.Case{
		"in full":              {Objects: of(ingress, gateway, httpRoute, route)},
		"absent":               {Objects: with("null"), Want: []string{at}},
		"a wildcard":           {Objects: with("'*.test'"), Want: []string{at}},
		"no rules":             {Objects: but(ingress, "rules:", "x:"), Want: []string{"Ingress/edge: spec.rules"}},
		"wrong type":           {Objects: with("1"), Want: []string{at}},
		"not known":            {Objects: with("<unknown>"), Undecided: []string{at}},
		"rule unknown":         {Objects: but(ingress, "rules:\n", "rules:\n  - <unknown>\n  - host: '*.b'\n"), Undecided: []string{"Ingress/edge: spec.rules[0]"}, Want: []string{"Ingress/edge: spec.rules[1].host"}},
		"a Gateway for all":    {Objects: but(gateway, "port: 80, hostname: web.test", "port: 80"), Want: []string{"Gateway/edge: spec.listeners[0].hostname"}},
		"a Gateway's wildcard": {Objects: but(gateway, "port: 80, hostname: web.test", "port: 80, hostname: '*.test'"), Want: []string{"Gateway/edge: spec.listeners[0].hostname"}},
		"no listeners":         {Objects: but(gateway, "listeners:", "x:"), Want: []string{"Gateway/edge: spec.listeners"}},
		"an HTTPRoute for all": {Objects: but(httpRoute, "hostnames: [web.test]", "hostnames: []"), Want: []string{"HTTPRoute/edge: spec.hostnames"}},
		"one of two":           {Objects: but(httpRoute, "hostnames: [web.test]", "hostnames: [web.test, '*']"), Want: []string{"HTTPRoute/edge: spec.hostnames[1]"}},
		"a Route for all":      {Objects: but(route, "host: web.test", "x: z"), Want: []string{"Route/edge: spec.host"}},
		"other kinds":          {Objects: web},
	})
}
