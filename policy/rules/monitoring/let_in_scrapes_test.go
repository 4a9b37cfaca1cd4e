package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestLetInScrapes(t *testing.T) {
	const at = "NetworkPolicy/allow: spec.ingress[0]"
	packtest.Run(t, letInScrapes, map[string]packtest.Case{
		"scraped":      {Objects: of(api, podMonitor, allow)},
		"absent":       {Objects: of(api, allow), Want: []string{at}},
		"another port": {Objects: of(api, podMonitor, but(allow, "9121", "8080")), Want: []string{at}},
		"others":       {Objects: of(api, but(allow, "name: prometheus", "name: ingress-nginx"))},
		"by addresses": {Objects: of(api, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: allow, namespace: a}, spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}")},
		"wrong type":   {Objects: of(api, podMonitor, but(allow, "[{port: 9121, protocol: TCP}]", "9121")), Want: []string{at + ".ports"}},
		"not known":    {Objects: of(api, podMonitor, but(allow, "[{port: 9121, protocol: TCP}]", "<unknown>")), Undecided: []string{at + ".ports"}},
	})
}
