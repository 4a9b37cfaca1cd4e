package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/backend"
	"platform/components/frontend"
	"platform/components/network"
	"platform/components/object"
	"platform/components/redis"
	"platform/config"
)

// epflNetwork closes the namespace and opens what the flows name. Metrics have
// policies of their own, so that those of the application say who uses it and
// nothing else.
func epflNetwork(ctx *pulumi.Context, cfg *config.EPFL, app object.App, cluster pulumi.ResourceOption) error {
	dns := cfg.Topology.DNS
	_, err := network.NewPolicies(ctx, "network", network.PoliciesArgs{
		App: app, Flows: epflFlows(cfg), DenyOthers: true,
		DNS: network.PodsIn(dns.Namespace, dns.Labels), DNSPort: dns.Port, Resolvers: dns.Addresses,
		Names: map[string]string{config.BackendName: "backend-network-policy"}, // operators know it by that name
	}, cluster)
	if err != nil || !cfg.Monitoring.Enabled {
		return err
	}
	prometheus := network.PodsIn(cfg.Monitoring.Namespace, cfg.Monitoring.PrometheusLabels)
	scrapes := to(config.BackendName, backend.Port, prometheus)
	if cfg.HasRedis() {
		scrapes = append(scrapes, to(config.RedisName, redis.MetricsPort, prometheus)...)
	}
	_, err = network.NewPolicies(ctx, "metrics", network.PoliciesArgs{
		App: app, Flows: scrapes, NameSuffix: "metrics-policy",
	}, cluster)
	return err
}

// epflFlows lists who may reach whom. The ingress controller is named together
// with its namespace: by its pods' labels alone it would be looked for in the
// application's own, where it never runs.
func epflFlows(cfg *config.EPFL) []network.Flow {
	ingress := network.PodsIn(cfg.Topology.IngressController.Namespace, cfg.Topology.IngressController.Labels)
	site, api := network.Component(config.FrontendName), network.Component(config.BackendName)
	flows := slices.Concat(to(config.FrontendName, frontend.Port, ingress), to(config.BackendName, backend.Port, ingress, site))
	processes := []network.Peer{api}
	ways := egress(api, cfg.Backend.Egress)
	if name, runs := cfg.Worker.Name(); runs {
		worker := network.Component(name)
		processes = append(processes, worker)
		if cfg.Worker.Kind == config.WorkerPoller { // it runs what the backend would run otherwise
			ways = append(ways, egress(worker, cfg.Backend.Egress)...)
		}
		ways = append(ways, egress(worker, cfg.Worker.Egress)...)
	}
	if cfg.HasRedis() {
		flows = append(flows, to(config.RedisName, redis.Port, processes...)...)
	}
	// Beside the application, the short-lived Jobs that make the schema, the roles
	// and the archives.
	clients := append(slices.Clone(processes), network.Component(config.MigrationName))
	if cfg.Postgres.Mode != config.PostgresManaged {
		clients = append(clients, network.Component(config.PostgresInitName))
		if cfg.Postgres.Backup.Enabled {
			clients = append(clients, network.Component(config.BackupName))
		}
	}
	flows = append(flows, toDatabase(cfg, clients...)...)
	for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
		service := cfg.Services[name]
		if service.Path != "" {
			flows = append(flows, to(name, service.Port, ingress)...)
		}
		for _, target := range service.Reaches {
			flows = append(flows, reach(cfg, network.Component(name), target)...)
		}
		flows = append(flows, egress(network.Component(name), service.Egress)...)
	}
	return append(flows, ways...)
}

// to lets clients in to a port of a component.
func to(component string, port int, clients ...network.Peer) []network.Flow {
	var flows []network.Flow
	for _, client := range clients {
		flows = append(flows, network.Flow{From: client, To: network.Component(component), Port: port})
	}
	return flows
}

// toDatabase leads to the database, wherever it runs.
func toDatabase(cfg *config.EPFL, clients ...network.Peer) []network.Flow {
	flows := to(config.PostgresName, config.PostgresPort, clients...)
	if managed := cfg.Postgres.Managed; cfg.Postgres.Mode == config.PostgresManaged {
		for i := range flows {
			flows[i].To, flows[i].Port = network.Addresses(managed.CIDR), managed.Port
		}
	}
	return flows
}

// reach is the flow from a service to a part of the platform or to another
// service.
func reach(cfg *config.EPFL, from network.Peer, target string) []network.Flow {
	switch target {
	case config.BackendName:
		return to(target, backend.Port, from)
	case config.RedisName:
		return to(target, redis.Port, from)
	case config.PostgresName:
		return toDatabase(cfg, from)
	default:
		return to(target, cfg.Services[target].Port, from)
	}
}

func egress(from network.Peer, ways []config.Egress) []network.Flow {
	var flows []network.Flow
	for _, way := range ways {
		flows = append(flows, network.Flow{From: from, To: network.Addresses(way.CIDR, way.Except...), Port: way.Port})
	}
	return flows
}
