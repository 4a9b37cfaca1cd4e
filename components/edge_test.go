package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/edge"
)

var registerEdge = registers("edge", edge.New)

// The Ingress as it has always been.
func TestIngress(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, edgeArgs("ingress")) })
	assert.Equal(t, []string{"Ingress edge"}, resources.names(), "cert-manager makes the certificate of an Ingress")
	ingress := resources.one(t, "Ingress").Inputs
	assert.Equal(t, "co2-calculator-ingress", dig(ingress, "metadata", "name"))
	assert.Equal(t, map[string]any{"cert-manager.io/cluster-issuer": "letsencrypt-prod"}, dig(ingress, "metadata", "annotations"))
	path := func(prefix, service string, port float64) any {
		return map[string]any{"path": prefix, "pathType": "Prefix", "backend": map[string]any{
			"service": map[string]any{"name": service, "port": map[string]any{"number": port}},
		}}
	}
	assert.Equal(t, map[string]any{
		"ingressClassName": "nginx",
		"tls":              []any{map[string]any{"hosts": []any{"co2calculator.epfl.ch"}, "secretName": "co2calculator-tls"}},
		"rules": []any{map[string]any{"host": "co2calculator.epfl.ch", "http": map[string]any{"paths": []any{
			path("/api", "backend-service", 8000), path("/", "frontend-service", 80),
		}}}},
	}, ingress["spec"])
}

// requireCertificate is what cert-manager is asked for where no Ingress asks.
func requireCertificate(t *testing.T, resources record) {
	t.Helper()
	certificate := resources.one(t, "Certificate").Inputs
	assert.Equal(t, "co2calculator-tls", dig(certificate, "metadata", "name"), "as for an Ingress, so that the expiry alert finds it")
	assert.Equal(t, "co2calculator-tls", dig(certificate, "spec", "secretName"))
	assert.Equal(t, []any{"co2calculator.epfl.ch"}, dig(certificate, "spec", "dnsNames"))
	assert.Equal(t, "letsencrypt-prod", dig(certificate, "spec", "issuerRef", "name"))
	assert.Equal(t, "ClusterIssuer", dig(certificate, "spec", "issuerRef", "kind"))
}

func TestGateway(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, edgeArgs("gateway")) })
	assert.ElementsMatch(t, []string{
		"Certificate edge-certificate", "Gateway edge-gateway", "HTTPRoute edge-route", "HTTPRoute edge-redirect",
	}, resources.names())
	requireCertificate(t, resources)

	made := resources.one(t, "Gateway").Inputs
	assert.Equal(t, "nginx", dig(made, "spec", "gatewayClassName"))
	listeners := map[any]any{}
	for _, listener := range list(made, "spec", "listeners") {
		listeners[dig(listener, "name")] = listener
		assert.Equal(t, "co2calculator.epfl.ch", dig(listener, "hostname"))
		assert.Equal(t, "Same", dig(listener, "allowedRoutes", "namespaces", "from"), "no other namespace may take the host over")
	}
	require.Len(t, listeners, 2)
	assert.Equal(t, "Terminate", dig(listeners["https"], "tls", "mode"))
	assert.Equal(t, "co2calculator-tls", dig(listeners["https"], "tls", "certificateRefs", 0, "name"))
	assert.Nil(t, dig(listeners["http"], "tls"))

	name := dig(made, "metadata", "name")
	for route, listener := range map[string]string{"edge-route": "https", "edge-redirect": "http"} {
		inputs := resources.one(t, "HTTPRoute", route).Inputs
		require.Len(t, dig(inputs, "spec", "parentRefs"), 1, "a route of both listeners would serve plain HTTP, or redirect forever")
		assert.Equal(t, name, dig(inputs, "spec", "parentRefs", 0, "name"))
		assert.Equal(t, listener, dig(inputs, "spec", "parentRefs", 0, "sectionName"))
		assert.Equal(t, []any{"co2calculator.epfl.ch"}, dig(inputs, "spec", "hostnames"))
	}
}

func TestGatewayRoutes(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, edgeArgs("gateway")) })
	rules := list(resources.one(t, "HTTPRoute", "edge-route").Inputs, "spec", "rules")
	require.Len(t, rules, 2)
	for i, want := range edgeArgs("gateway").Paths {
		assert.Equal(t, map[string]any{"type": "PathPrefix", "value": want.Prefix}, dig(rules, i, "matches", 0, "path"))
		assert.Equal(t, want.Service, dig(rules, i, "backendRefs", 0, "name"))
		assert.EqualValues(t, want.Port, dig(rules, i, "backendRefs", 0, "port"))
		assert.Nil(t, dig(rules, i, "filters"), "the path is passed on as it is")
	}
	redirect := list(resources.one(t, "HTTPRoute", "edge-redirect").Inputs, "spec", "rules")
	require.Len(t, redirect, 1)
	assert.Nil(t, dig(redirect, 0, "backendRefs"))
	assert.Equal(t, map[string]any{
		"type": "RequestRedirect", "requestRedirect": map[string]any{"scheme": "https", "statusCode": 301.0},
	}, dig(redirect, 0, "filters", 0))
}

func TestRoute(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, edgeArgs("route")) })
	assert.Len(t, resources.names(), 5)
	requireCertificate(t, resources)
	routes := map[any]any{}
	for _, route := range resources.of("Route") {
		routes[dig(route.Inputs, "spec", "path")] = route.Inputs
	}
	require.Len(t, routes, 2)
	for path, want := range map[string]struct{ name, service string }{
		"/api": {"co2-calculator-ingress-api", "backend-service"},
		"/":    {"co2-calculator-ingress", "frontend-service"},
	} {
		assert.Equal(t, want.name, dig(routes[path], "metadata", "name"))
		assert.Equal(t, map[string]any{
			"host": "co2calculator.epfl.ch", "path": path, "wildcardPolicy": "None",
			"to":   map[string]any{"kind": "Service", "name": want.service, "weight": 100.0},
			"port": map[string]any{"targetPort": "http"},
			"tls": map[string]any{
				"termination": "edge", "insecureEdgeTerminationPolicy": "Redirect",
				"externalCertificate": map[string]any{"name": "co2calculator-tls"},
			},
		}, dig(routes[path], "spec"))
	}
}

func TestRoutesOfOneServiceAreApart(t *testing.T) {
	args := edgeArgs("route")
	args.Paths = append(args.Paths, edge.PathRule{Prefix: "/docs", Service: "backend-service", Port: 8000})
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, args) })
	names, objects := map[string]bool{}, map[any]bool{}
	for _, route := range resources.of("Route") {
		names[route.Name], objects[dig(route.Inputs, "metadata", "name")] = true, true
	}
	assert.Len(t, names, 3, "the engine refuses a name that is there twice")
	assert.Len(t, objects, 3)
}

// OpenShift's router reads the one Secret, and no other.
func TestRouterReadsOnlyTheCertificate(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerEdge(ctx, edgeArgs("route")) })
	role := resources.one(t, "Role")
	assert.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"secrets"}, "resourceNames": []any{"co2calculator-tls"},
		"verbs": []any{"get", "list", "watch"},
	}}, role.Inputs["rules"])
	binding := resources.one(t, "RoleBinding")
	assert.Equal(t, []any{map[string]any{"kind": "ServiceAccount", "name": "router", "namespace": "openshift-ingress"}}, binding.Inputs["subjects"])
	assert.Equal(t, "Role", dig(binding.Inputs, "roleRef", "kind"))
	assert.Equal(t, role.Name+"-auto", dig(binding.Inputs, "roleRef", "name"))
}
