package components_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
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

// exposed is a workload at an address of its own.
func exposed() components.WorkloadArgs {
	args := workloadArgs()
	args.Expose = &components.LoadBalancer{Address: netip.MustParseAddr("192.168.3.200")}
	return args
}

func TestExposeFaults(t *testing.T) {
	type w = components.WorkloadArgs
	through := func(first, last int) func(*w) {
		return func(a *w) { a.Expose.Through = components.PortRange{First: first, Last: last} }
	}
	refuses(t, exposed, registerWorkload, map[string]fault[w]{
		"no service":         {func(a *w) { a.Service = "" }, "expose: there is no Service to expose"},
		"no address":         {func(a *w) { a.Expose.Address = netip.Addr{} }, "expose: has no address"},
		"version 6":          {func(a *w) { a.Expose.Address = netip.MustParseAddr("fd00::1") }, ""},
		"first to last":      {through(1, 65535), `expose: 80 leads to port "http" already; leave it out of 1 to 65535`},
		"from port 0":        {through(0, 79), "expose: 0 to 79 is no range of ports"},
		"past the last":      {through(65535, 65536), "expose: 65535 to 65536 is no range of ports"},
		"backwards":          {through(8999, 8000), "expose: 8999 to 8000 is no range of ports"},
		"one port":           {through(8000, 8000), ""},
		"up to its own":      {through(79, 80), `expose: 80 leads to port "http" already`},
		"from its own on":    {through(80, 81), `expose: 80 leads to port "http" already`},
		"just under its own": {through(1, 79), ""},
		"just over its own":  {through(81, 82), ""},
		"the last port":      {through(65535, 65535), ""},
	})
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
	args.Expose.Through = components.PortRange{First: 8000, Last: 8002}
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
		pool, err := components.NewCredentials(ctx, "pool", credentialsArgs())
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
