package components_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/gateway"
	"platform/config"
)

// routesOf is the file that the gateway reads.
func routesOf(t *testing.T, routes []config.Route) any {
	t.Helper()
	files := runGateway(t, func(a *gateway.Args) { a.AllRoutes = routes }).one(t, "ConfigMap").Inputs
	assert.Equal(t, "gateway-routes", dig(files, "metadata", "name"))
	return dig(files, "data", "routes.yaml")
}

// The first match may be the one that counts, so the order stays.
func TestRoutesFile(t *testing.T) {
	routes := slices.Concat(gatewayArgs().AllRoutes, []config.Route{{Host: "health.cloud.eddisonso.com", Path: "/metrics", Service: "cluster-monitor", Port: 8080, StripPrefix: true}})
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
  path: /
  strip_prefix: false
  target: cluster-monitor:80
- host: health.cloud.eddisonso.com
  path: /metrics
  strip_prefix: true
  target: cluster-monitor:8080
`
	assert.Equal(t, want, routesOf(t, routes))
}

func TestRoutesFileOfNone(t *testing.T) {
	assert.Equal(t, "routes: []\n", routesOf(t, nil))
}
