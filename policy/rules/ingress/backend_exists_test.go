package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestBackendExists(t *testing.T) {
	const service = "Ingress/edge: spec.rules[0].http.paths[0].backend.service"
	const ref = "HTTPRoute/edge: spec.rules[0].backendRefs[0]"
	with := func(changes ...string) string { return of(but(ingress, changes...), web) }
	packtest.Run(t, backendExists, map[string]packtest.Case{
		"there":               {Objects: of(ingress, httpRoute, redirect, route, web)},
		"not there":           {Objects: of(ingress, httpRoute, route), Want: []string{service + ".name", ref + ".name", "Route/edge: spec.to.name"}},
		"another namespace":   {Objects: of(ingress, but(web, "namespace: a", "namespace: b")), Want: []string{service + ".name"}},
		"by name":             {Objects: with("number: 80", "name: http")},
		"another name":        {Objects: with("number: 80", "name: https"), Want: []string{service + ".port.name"}},
		"another number":      {Objects: with("number: 80", "number: 8080"), Want: []string{service + ".port.number"}},
		"absent":              {Objects: with("{number: 80}", "{}"), Want: []string{service + ".port.name"}},
		"absent in both":      {Objects: of(but(ingress, "{number: 80}", "{}"), but(web, "name: http, ", "")), Want: []string{service + ".port.name"}},
		"a Route's other":     {Objects: but(route, "kind: Service", "kind: Bucket")},
		"by default":          {Objects: with("ingressClassName: nginx", "defaultBackend: {service: {name: other, port: {number: 80}}}"), Want: []string{"Ingress/edge: spec.defaultBackend.service.name"}},
		"no Service":          {Objects: with("service: {name: web, port: {number: 80}}", "resource: {kind: Bucket, name: b}")},
		"a route's port":      {Objects: of(but(httpRoute, "port: 80", "port: 81"), web), Want: []string{ref + ".port"}},
		"a pods' port":        {Objects: of(but(httpRoute, "port: 80", "port: 8080"), web), Want: []string{ref + ".port"}},
		"no kind is Service":  {Objects: of(but(httpRoute, "kind: Service, ", ""), but(route, "kind: Service, ", "")), Want: []string{ref + ".name", "Route/edge: spec.to.name"}},
		"from elsewhere":      {Objects: of(but(httpRoute, "name: web", "name: web, namespace: b"), web), Want: []string{ref + ".name"}},
		"a route's other":     {Objects: but(httpRoute, "kind: Service", "kind: Bucket")},
		"the pods' port":      {Objects: of(but(route, "targetPort: http", "targetPort: 8080"), web)},
		"no pods' port":       {Objects: of(but(route, "targetPort: http", "targetPort: 8081"), web), Want: []string{"Route/edge: spec.port.targetPort"}},
		"beside the first":    {Objects: of(but(route, "port: {", "alternateBackends: [{kind: Service, name: other}]\n  port: {"), web), Want: []string{"Route/edge: spec.alternateBackends[0].name"}},
		"wrong type":          {Objects: with("name: web", "name: 1"), Want: []string{service + ".name"}},
		"not known":           {Objects: with("name: web", "name: <unknown>"), Undecided: []string{service + ".name"}},
		"a name is not known": {Objects: of(ingress, but(web, "name: web", "name: <unknown>")), Undecided: []string{"Ingress/edge: metadata.name"}},
		"one of two unknown": {
			Objects:   with("paths: [", "paths: [<unknown>, ", "name: web", "name: other"),
			Undecided: []string{"Ingress/edge: spec.rules[0].http.paths[0]"}, Want: []string{"Ingress/edge: spec.rules[0].http.paths[1].backend.service.name"},
		},
	})
}
