package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostsUnique(t *testing.T) {
	const at = "Ingress/more: spec.rules[0].http.paths[0].path"
	more := but(ingress, "name: edge", "name: more")
	moreRoute := but(route, "name: edge", "name: more")
	moreHTTP := but(httpRoute, "metadata: {name: edge", "metadata: {name: more")
	const match = "HTTPRoute/more: spec.rules[0].matches[0].path"
	packtest.Run(t, hostsUnique, map[string]packtest.Case{
		"one":                 {Objects: of(ingress, gateway, httpRoute, redirect, route)},
		"the same":            {Objects: of(ingress, more), Want: []string{at}},
		"of two namespaces":   {Objects: of(ingress, but(more, "namespace: a", "namespace: b")), Want: []string{at}},
		"another host":        {Objects: of(ingress, but(more, "- host: web.test", "- host: api.test"))},
		"another path":        {Objects: of(ingress, but(more, "path: /,", "path: /api,"))},
		"the path alone":      {Objects: of(ingress, but(more, "pathType: Prefix", "pathType: Exact"))},
		"absent is all":       {Objects: of(ingress, but(more, "path: /, ", "")), Want: []string{at}},
		"within one":          {Objects: but(ingress, "paths: [", "paths: [{path: /, pathType: Prefix}, "), Want: []string{"Ingress/edge: spec.rules[0].http.paths[1].path"}},
		"Routes":              {Objects: of(route, moreRoute), Want: []string{"Route/more: spec.path"}},
		"Routes, other path":  {Objects: of(route, but(moreRoute, "path: /", "path: /api"))},
		"HTTPRoutes":          {Objects: of(httpRoute, moreHTTP), Want: []string{match}},
		"HTTPRoutes, default": {Objects: of(httpRoute, but(moreHTTP, "type: PathPrefix, ", "")), Want: []string{match}},
		"HTTPRoutes, exact":   {Objects: of(httpRoute, but(moreHTTP, "type: PathPrefix", "type: Exact"))},
		"by method":           {Objects: of(httpRoute, but(moreHTTP, "value: /}", "value: /}, method: GET"))},
		"by method alone":     {Objects: of(but(httpRoute, "path: {type: PathPrefix, value: /}", "method: GET"), but(moreHTTP, "path: {type: PathPrefix, value: /}", "method: GET"))},
		"by query":            {Objects: of(httpRoute, but(moreHTTP, "value: /}", "value: /}, queryParams: [{name: a, value: b}]"))},
		"wrong type":          {Objects: of(ingress, but(more, "path: /,", "path: 1,")), Want: []string{at}},
		"not known":           {Objects: of(ingress, but(more, "path: /,", "path: <unknown>,")), Undecided: []string{at}},
	})
}
