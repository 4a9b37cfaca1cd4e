package components_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestRouteFaults(t *testing.T) {
	type g = components.GatewayArgs
	refuses(t, gatewayArgs, registerGateway, map[string]fault[g]{
		"no host":         {func(a *g) { a.Routes[0].Host = "" }, "routes[0]: host: is missing"},
		"no service":      {func(a *g) { a.Routes[2].Service = "" }, "routes[2]: service: is missing"},
		"no path":         {func(a *g) { a.Routes[0].Path = "" }, `routes[0]: path: "" does not begin with /`},
		"relative path":   {func(a *g) { a.Routes[0].Path = "sse" }, `routes[0]: path: "sse" does not begin with /`},
		"port 0":          {func(a *g) { a.Routes[0].Port = 0 }, "routes[0]: port: 0 is no port"},
		"port 65536":      {func(a *g) { a.Routes[0].Port = 65536 }, "routes[0]: port: 65536 is no port"},
		"port 65535":      {func(a *g) { a.Routes[0].Port = 65535 }, ""},
		"twice":           {func(a *g) { a.Routes = append(a.Routes, a.Routes[0]) }, "routes[3]: docs.cloud.eddisonso.com/ is the way of routes[0] already"},
		"on another path": {func(a *g) { a.Routes[2].Path = "/sse" }, ""},
		"on another host": {func(a *g) { a.Routes[2].Host = "log.cloud.eddisonso.com" }, ""},
	})
}

// routesOf is the file that the gateway reads.
func routesOf(t *testing.T, routes []components.Route) any {
	t.Helper()
	files := gateway(t, func(a *components.GatewayArgs) { a.Routes = routes }).one(t, "ConfigMap").Inputs
	assert.Equal(t, "gateway-routes", dig(files, "metadata", "name"))
	return dig(files, "data", "routes.yaml")
}

// The closest path comes first, as the first match may be the one that counts.
func TestRoutesFile(t *testing.T) {
	health := "health.cloud.eddisonso.com"
	routes := slices.Concat(gatewayArgs().Routes, []components.Route{
		{Host: health, Path: "/ws/logs", Service: "log-service", Port: 80},
		{Host: health, Path: "/metrics", Service: "cluster-monitor", Port: 8080, StripPrefix: true},
	})
	want := `routes:
- host: docs.cloud.eddisonso.com
  path: /
  strip_prefix: false
  target: edd-cloud-docs:80
- host: health.cloud.eddisonso.com
  path: /sse/logs
  strip_prefix: false
  target: log-service:80
- host: health.cloud.eddisonso.com
  path: /metrics
  strip_prefix: true
  target: cluster-monitor:8080
- host: health.cloud.eddisonso.com
  path: /ws/logs
  strip_prefix: false
  target: log-service:80
- host: health.cloud.eddisonso.com
  path: /
  strip_prefix: false
  target: cluster-monitor:80
`
	assert.Equal(t, want, routesOf(t, routes))
	slices.Reverse(routes)
	assert.Equal(t, want, routesOf(t, routes), "the same routes in another order")
}

func TestRoutesFileOfNone(t *testing.T) {
	assert.Equal(t, "routes: []\n", routesOf(t, nil))
}
