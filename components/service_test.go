package components_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/backend"
	"platform/components/frontend"
	"platform/components/pod"
	"platform/components/postgres"
	"platform/components/redis"
	"platform/components/secret"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

// A Service that is awaited costs ten seconds, before the workload whose pods
// are awaited anyway. One with an address is awaited for nothing but that.
func TestNoServiceIsAwaited(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, service := range resources.of("Service") {
			annotations := dig(service.Inputs, "metadata", "annotations")
			if dig(service.Inputs, "spec", "type") != "LoadBalancer" {
				assert.Equal(t, map[string]any{"pulumi.com/skipAwait": "true"}, annotations, service.Name)
				continue
			}
			assert.Nil(t, dig(annotations, "pulumi.com/skipAwait"), service.Name)
			assert.Contains(t, dig(annotations, "pulumi.com/waitFor"), "jsonpath={.status.loadBalancer.ingress[0].ip}=", service.Name)
		}
	})
}

// reachable are the Services that the nodes' network reaches, and how.
var reachable = map[string]string{"gateway": "LoadBalancer", "gfs-master": "NodePort"}

func TestEveryServiceIsInsideTheCluster(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, service := range resources.of("Service") {
			want, open := reachable[dig(service.Inputs, "metadata", "name").(string)]
			if !open {
				want = "ClusterIP"
			}
			if dig(service.Inputs, "spec", "clusterIP") != "None" {
				assert.Equal(t, want, dig(service.Inputs, "spec", "type"), service.Name)
			}
			for _, port := range list(service.Inputs, "spec", "ports") {
				assert.Equal(t, want == "NodePort", dig(port, "nodePort") != nil, "%s: port %v", service.Name, dig(port, "name"))
			}
		}
	})
}

// The Services: clients, the edge's rules and runbooks know these names
// and ports.
func TestServicesOfTheSeed(t *testing.T) {
	for name, tc := range map[string]struct {
		register program
		port     float64
		target   string // name of a container port
		listens  float64
	}{
		"frontend-service": {registering("frontend", frontend.New, frontendArgs()), 80, "http", 8080},
		"backend-service":  {registering("backend", backend.New, backendArgs()), 8000, "http", 8000},
		"postgres-service": {registering("postgres", postgres.New, postgresArgs()), 5432, "postgres", 5432},
		"redis-service":    {registering("redis", redis.New, redisArgs()), 6379, "redis", 6379},
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
		pod.Port{Name: "metrics", Container: 9000}, pod.Port{Name: "dns", Container: 5353, Service: 53, UDP: true})
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

// exposed is a workload at an address of its own.
func exposed() workload.Args {
	args := workloadArgs()
	args.Expose = &service.LoadBalancer{Address: netip.MustParseAddr("192.168.3.200")}
	return args
}

func TestExposedServiceKeepsItsAddress(t *testing.T) {
	for _, protect := range []bool{false, true} {
		args := exposed()
		args.Expose.Protect = protect
		service := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Service")
		assert.Equal(t, map[string]any{
			"metallb.io/loadBalancerIPs": "192.168.3.200",
			"pulumi.com/waitFor":         "jsonpath={.status.loadBalancer.ingress[0].ip}=192.168.3.200",
		}, dig(service.Inputs, "metadata", "annotations"))
		assert.Equal(t, "2m", service.CreateTimeout, "an address that another Service has never comes")
		assert.Nil(t, dig(service.Inputs, "spec", "loadBalancerIP"), "deprecated")
		assert.Equal(t, protect, service.Protect)
		assert.Equal(t, protect, service.RetainOnDelete)
	}
}

// The traffic policy Local keeps the clients' addresses. MetalLB needs no node
// ports, and a cluster has 2,768.
func TestExposedServiceTakesNoNodePorts(t *testing.T) {
	args := exposed()
	args.Expose.Through = config.PortRange{First: 8000, Last: 8002}
	spec := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Service").Inputs["spec"]
	assert.Equal(t, "LoadBalancer", dig(spec, "type"))
	assert.Equal(t, false, dig(spec, "allocateLoadBalancerNodePorts"))
	assert.Equal(t, "Local", dig(spec, "externalTrafficPolicy"))
	through := func(number float64) any {
		return map[string]any{"name": fmt.Sprintf("port-%v", number), "port": number, "targetPort": number, "protocol": "TCP"}
	}
	assert.Equal(t, []any{
		map[string]any{"name": "http", "port": 80.0, "targetPort": "http", "protocol": "TCP"},
		through(8000), through(8001), through(8002),
	}, dig(spec, "ports"))
}

// Before its pool nobody gives the address.
func TestExposedServiceComesAfterItsPool(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		pool, err := secret.NewCredentials(ctx, "pool", credentialsArgs())
		if err != nil {
			return err
		}
		args := exposed()
		args.Expose.Pools = []pulumi.Resource{pool.Secrets["gfs-jwt-secret"]}
		return registerWorkload(ctx, args)
	})
	assert.True(t, dependsOn(resources.one(t, "Service"), "Secret", "gfs-jwt-secret"))
	assert.False(t, dependsOn(resources.one(t, "Deployment"), "Secret", "gfs-jwt-secret"))
}

func TestServiceOnEveryNode(t *testing.T) {
	args := workloadArgs()
	args.Pod.Containers[0].Ports[0].Node = 30900
	service := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Service")
	assert.Equal(t, "NodePort", dig(service.Inputs, "spec", "type"))
	assert.Equal(t, []any{
		map[string]any{"name": "http", "port": 80.0, "targetPort": "http", "nodePort": 30900.0, "protocol": "TCP"},
	}, dig(service.Inputs, "spec", "ports"))
}
