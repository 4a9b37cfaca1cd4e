package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestRouteTLS(t *testing.T) {
	const termination, insecure = "Route/edge: spec.tls.termination", "Route/edge: spec.tls.insecureEdgeTerminationPolicy"
	packtest.Run(t, routeTLS, map[string]packtest.Case{
		"redirected":   {Objects: route},
		"refused":      {Objects: but(route, "insecureEdgeTerminationPolicy: Redirect, ", "")},
		"none":         {Objects: but(route, "Redirect", "None")},
		"in clear too": {Objects: but(route, "Redirect", "Allow"), Want: []string{insecure}},
		"absent":       {Objects: but(route, "tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect, externalCertificate: {name: tls}}", ""), Want: []string{termination}},
		"misspelt":     {Objects: but(route, "termination: edge", "termination: Edge"), Want: []string{termination}},
		"wrong type":   {Objects: but(route, "termination: edge", "termination: true"), Want: []string{termination}},
		"not known":    {Objects: but(route, "termination: edge", "termination: <unknown>"), Undecided: []string{termination}},
	})
}
