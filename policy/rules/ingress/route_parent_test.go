package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestRouteParent(t *testing.T) {
	const at = "HTTPRoute/edge: spec.parentRefs[0]"
	with := func(changes ...string) string { return of(gateway, but(httpRoute, changes...)) }
	packtest.Run(t, routeParent, map[string]packtest.Case{
		"there":              {Objects: of(gateway, httpRoute, redirect)},
		"not there":          {Objects: httpRoute, Want: []string{at + ".name"}},
		"another listener":   {Objects: with("sectionName: https", "sectionName: tls"), Want: []string{at + ".sectionName"}},
		"any listener":       {Objects: with(", sectionName: https", "")},
		"of a namespace":     {Objects: with("name: edge, sectionName", "namespace: b, name: edge, sectionName")},
		"of the same":        {Objects: with("name: edge, sectionName", "namespace: a, name: other, sectionName"), Want: []string{at + ".name"}},
		"of a Service":       {Objects: with("kind: Gateway, name: edge", "kind: Service, name: other")},
		"no kind is Gateway": {Objects: with("kind: Gateway, name: edge", "name: other"), Want: []string{at + ".name"}},
		"absent":             {Objects: with("parentRefs: [{kind: Gateway, name: edge, sectionName: https}]", "x: z"), Want: []string{"HTTPRoute/edge: spec.parentRefs"}},
		"wrong type":         {Objects: with("name: edge, sectionName", "name: 1, sectionName"), Want: []string{at + ".name"}},
		"not known":          {Objects: with("name: edge, sectionName", "name: <unknown>, sectionName"), Undecided: []string{at + ".name"}},
		"listeners unknown":  {Objects: of(but(gateway, "name: https", "name: <unknown>"), httpRoute), Undecided: []string{"HTTPRoute/edge: spec.listeners[1].name"}},
	})
}
