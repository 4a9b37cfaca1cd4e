package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
)

// A Service that is awaited costs ten seconds, before the workload whose pods
// are awaited anyway.
func TestNoServiceIsAwaited(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, service := range resources.of("Service") {
			assert.Equal(t, "true", dig(service.Inputs, "metadata", "annotations", "pulumi.com/skipAwait"), service.Name)
		}
	})
}

func TestEveryServiceIsInsideTheCluster(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, service := range resources.of("Service") {
			if dig(service.Inputs, "spec", "clusterIP") != "None" {
				assert.Equal(t, "ClusterIP", dig(service.Inputs, "spec", "type"), service.Name)
			}
		}
	})
}

// The seed's Services: clients, the edge's rules and runbooks know these names
// and ports.
func TestServicesOfTheSeed(t *testing.T) {
	for name, tc := range map[string]struct {
		register program
		port     float64
		target   string // name of a container port
		listens  float64
	}{
		"frontend-service": {registering("frontend", components.NewFrontend, frontendArgs()), 80, "http", 8080},
		"backend-service":  {registering("backend", components.NewBackend, backendArgs()), 8000, "http", 8000},
		"postgres-service": {registering("postgres", components.NewPostgres, postgresArgs()), 5432, "postgres", 5432},
		"redis-service":    {registering("redis", components.NewRedis, redisArgs()), 6379, "redis", 6379},
	} {
		t.Run(name, func(t *testing.T) {
			resources := run(t, tc.register)
			var service, pod any
			for _, one := range resources.of("Service") {
				if dig(one.Inputs, "metadata", "name") == name {
					service = one.Inputs
				}
			}
			assert.Equal(t, []any{map[string]any{
				"name": tc.target, "port": tc.port, "targetPort": tc.target, "protocol": "TCP",
			}}, dig(service, "spec", "ports"))
			for _, one := range resources.pods() {
				if dig(one, "metadata", "labels", "app") == dig(service, "spec", "selector", "app") {
					pod = one
				}
			}
			assert.Equal(t, tc.target, dig(pod, "spec", "containers", 0, "ports", 0, "name"))
			assert.Equal(t, tc.listens, dig(pod, "spec", "containers", 0, "ports", 0, "containerPort"))
		})
	}
}

func TestServiceServesOnlyWhatIsMeantToBe(t *testing.T) {
	args := workloadArgs()
	args.Pod.Containers[0].Ports = append(args.Pod.Containers[0].Ports,
		components.Port{Name: "metrics", Container: 9000}, components.Port{Name: "dns", Container: 5353, Service: 53, UDP: true})
	service := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Service")
	assert.Equal(t, "api-service", dig(service.Inputs, "metadata", "name"))
	assert.Equal(t, []any{
		map[string]any{"name": "http", "port": 80.0, "targetPort": "http", "protocol": "TCP"},
		map[string]any{"name": "dns", "port": 53.0, "targetPort": "dns", "protocol": "UDP"},
	}, dig(service.Inputs, "spec", "ports"))
}

func TestNoServiceUnlessAskedFor(t *testing.T) {
	args := workloadArgs()
	args.Service = ""
	assert.Empty(t, run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).of("Service"))
}
