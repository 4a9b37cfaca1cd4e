package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestGatewayTLS(t *testing.T) {
	const certificates = "Gateway/edge: spec.listeners[1].tls.certificateRefs"
	const rule = "HTTPRoute/edge: spec.rules[0]"
	const refs = ", certificateRefs: [{kind: Secret, name: tls}]"
	packtest.Run(t, gatewayTLS, map[string]packtest.Case{
		"with TLS":           {Objects: of(gateway, httpRoute, redirect)},
		"no certificate":     {Objects: but(gateway, refs, ""), Want: []string{certificates}},
		"absent":             {Objects: but(gateway, ", tls: {mode: Terminate"+refs+"}", ""), Want: []string{certificates}},
		"passed through":     {Objects: but(gateway, "protocol: HTTPS", "protocol: TLS", "mode: Terminate"+refs, "mode: Passthrough")},
		"in clear":           {Objects: of(gateway, but(httpRoute, "sectionName: https", "sectionName: http")), Want: []string{rule}},
		"on every listener":  {Objects: of(gateway, but(httpRoute, ", sectionName: https", "")), Want: []string{rule}},
		"another Gateway's":  {Objects: of(gateway, but(httpRoute, "name: edge, sectionName: https", "name: other, sectionName: http"))},
		"another namespace":  {Objects: of(gateway, but(httpRoute, "namespace: a", "namespace: b", "sectionName: https", "sectionName: http"))},
		"from there":         {Objects: of(gateway, but(httpRoute, "namespace: a", "namespace: b", "sectionName: https", "sectionName: http, namespace: a")), Want: []string{rule}},
		"redirected to http": {Objects: of(gateway, but(redirect, "scheme: https", "scheme: http")), Want: []string{"HTTPRoute/redirect: spec.rules[0]"}},
		"not redirected":     {Objects: of(gateway, but(redirect, "type: RequestRedirect", "type: URLRewrite")), Want: []string{"HTTPRoute/redirect: spec.rules[0]"}},
		"another protocol":   {Objects: but(gateway, "protocol: HTTP,", "protocol: TCP,"), Want: []string{"Gateway/edge: spec.listeners[0].protocol"}},
		"wrong type":         {Objects: but(gateway, "protocol: HTTPS", "protocol: 1"), Want: []string{"Gateway/edge: spec.listeners[1].protocol"}},
		"not known":          {Objects: but(gateway, "[{kind: Secret, name: tls}]", "<unknown>"), Undecided: []string{certificates}},
		"section unknown":    {Objects: of(gateway, but(httpRoute, "sectionName: https", "sectionName: <unknown>")), Undecided: []string{"HTTPRoute/edge: spec.parentRefs[0].sectionName"}},
	})
}
