package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// network closes the namespace and opens what the flows name.
func (e *environment) network(ctx *pulumi.Context) error {
	dns := e.cfg.Topology.DNS
	_, err := components.NewNetworkPolicies(ctx, "network", components.NetworkPoliciesArgs{
		App: e.app, Flows: e.flows(), DenyOthers: true,
		DNS: components.PodsIn(dns.Namespace, dns.Labels), DNSPort: dns.Port, Resolvers: dns.Addresses,
		Names: map[string]string{components.BackendName: "backend-network-policy"}, // the seed's name
	}, e.cluster)
	if err != nil || !e.cfg.Monitoring.Enabled {
		return err
	}
	_, err = components.NewNetworkPolicies(ctx, "metrics", components.NetworkPoliciesArgs{
		App: e.app, Flows: e.scrapes(), NameSuffix: "metrics-policy",
	}, e.cluster)
	return err
}

// flows lists who may reach whom. The ingress controller is named together
// with its namespace: by its pods' labels alone it would be looked for in the
// application's own, where it never runs.
func (e *environment) flows() []components.Flow {
	controller := e.cfg.Topology.IngressController
	ingress := components.PodsIn(controller.Namespace, controller.Labels)
	frontend := components.Component(components.FrontendName)
	backend := components.Component(components.BackendName)
	processes := e.processes()
	flows := []components.Flow{
		{From: ingress, To: frontend, Port: components.FrontendPort},
		{From: ingress, To: backend, Port: components.BackendPort},
		{From: frontend, To: backend, Port: components.BackendPort},
	}
	if e.cfg.HasRedis() {
		for _, process := range processes {
			flows = append(flows, components.Flow{From: process, To: components.Component(components.RedisName), Port: components.RedisPort})
		}
	}
	flows = append(flows, e.databaseFlows(append(processes, components.Component(components.MigrationName))...)...)
	flows = append(flows, e.serviceFlows(ingress)...)
	return append(flows, e.waysOut()...)
}

// processes are the backend and what runs its jobs.
func (e *environment) processes() []components.Peer {
	all := []components.Peer{components.Component(components.BackendName)}
	if worker, runs := e.workerName(); runs {
		all = append(all, components.Component(worker))
	}
	return all
}

// waysOut lead out of the namespace. A poller runs what the backend would run
// otherwise, so the backend's ways out are its own too.
func (e *environment) waysOut() []components.Flow {
	flows := egress(components.Component(components.BackendName), e.cfg.Backend.Egress)
	if worker, runs := e.workerName(); runs {
		if e.cfg.Worker.Kind == config.WorkerPoller {
			flows = append(flows, egress(components.Component(worker), e.cfg.Backend.Egress)...)
		}
		flows = append(flows, egress(components.Component(worker), e.cfg.Worker.Egress)...)
	}
	return flows
}

// databaseFlows lets the application in, and the short-lived Jobs that make
// the schema, the roles and the archives.
func (e *environment) databaseFlows(clients ...components.Peer) []components.Flow {
	if e.cfg.Postgres.Mode != config.PostgresManaged {
		clients = append(clients, components.Component(components.PostgresInitName))
		if e.cfg.Postgres.Backup.Enabled {
			clients = append(clients, components.Component(components.BackupName))
		}
	}
	return e.toDatabase(clients...)
}

// toDatabase leads to the database, wherever it runs.
func (e *environment) toDatabase(clients ...components.Peer) []components.Flow {
	postgres, port := components.Component(components.PostgresName), components.PostgresPort
	if managed := e.cfg.Postgres.Managed; e.cfg.Postgres.Mode == config.PostgresManaged {
		postgres, port = components.Addresses(managed.CIDR), managed.Port
	}
	var flows []components.Flow
	for _, client := range clients {
		flows = append(flows, components.Flow{From: client, To: postgres, Port: port})
	}
	return flows
}

// scrapes lets Prometheus read the metrics. They are policies of their own, so
// that those of the application say who uses it and nothing else.
func (e *environment) scrapes() []components.Flow {
	prometheus := components.PodsIn(e.cfg.Monitoring.Namespace, e.cfg.Monitoring.PrometheusLabels)
	flows := []components.Flow{{From: prometheus, To: components.Component(components.BackendName), Port: components.BackendPort}}
	if e.cfg.HasRedis() {
		flows = append(flows, components.Flow{From: prometheus, To: components.Component(components.RedisName), Port: components.RedisMetricsPort})
	}
	return flows
}

func egress(from components.Peer, ways []config.Egress) []components.Flow {
	var flows []components.Flow
	for _, way := range ways {
		flows = append(flows, components.Flow{From: from, To: components.Addresses(way.CIDR, way.Except...), Port: way.Port})
	}
	return flows
}
