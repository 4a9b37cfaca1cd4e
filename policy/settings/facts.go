package settings

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
)

func platformOf(cfg config.Platform) string {
	if _, is := cfg.(*config.EddCloud); is {
		return "edd-cloud"
	}
	return "co2-calculator"
}

const reachability = "reachability-is-as-stated"

// derived returns the parameters that follow from a stack's configuration. The
// rules then check that the objects say what the configuration says.
func derived(cfg config.Platform) parameters {
	p, shared := parameters{}, cfg.Shared()
	topology := shared.Topology
	p.set("claim-names-its-class", "classes", list(topology.StorageClasses, func(c config.StorageClass) string { return c.Name }))
	var cpu, memory resource.Quantity
	for _, node := range topology.Nodes {
		cpu, memory = most(cpu, node.CPU), most(memory, node.Memory)
	}
	if !cpu.IsZero() && !memory.IsZero() {
		p.set("container-limit-fits-a-node", "cpu", cpu.String())
		p.set("container-limit-fits-a-node", "memory", memory.String())
	}
	var images []any
	for _, image := range cfg.ImageKeys() {
		images = append(images, image)
	}
	p.set("image-is-of-the-stack-file", "images", images)
	p.set(reachability, "namespaces", cfg.Namespace())
	p.set(reachability, "cluster-dns", peer(topology.DNS.Namespace, topology.DNS.Labels))
	p.set(reachability, "dns-port", float64(topology.DNS.Port))
	for name, network := range map[string]netip.Prefix{"node-network": topology.NodeNetwork, "pod-network": topology.PodNetwork} {
		if network.IsValid() {
			p.set(reachability, name, network.String())
		}
	}
	environment := ""
	switch cfg := cfg.(type) {
	case *config.EPFL:
		environment = cfg.Environment
		p.epfl(cfg)
	case *config.EddCloud:
		environment = cfg.Environment
		p.eddCloud(cfg)
	}
	trial := slices.Contains(stated.Platforms[platformOf(cfg)].Trial, environment)
	for _, rule := range []string{"data-is-protected", "certificate-is-trusted", "foreign-image-has-digest", "serving-pods-are-two"} {
		p.set(rule, "trial", trial)
	}
	return p
}

func (p parameters) epfl(cfg *config.EPFL) {
	p.set("edge-class-is-allowed", "classes", []any{cfg.Edge.Class})
	p.set("certificate-issuer-exists", "cluster-issuers", []any{cfg.Edge.Issuer})
	p.set("certificate-is-for-our-names", "domains", []any{cfg.Edge.Host})
	p.set("quota-bounds-every-resource", "most", []any{
		"pods=" + strconv.Itoa(cfg.Quota.Pods), fmt.Sprintf("requests.storage=%dGi", cfg.Quota.StorageGiB),
		"limits.cpu=" + cfg.Quota.Limits.CPU.String(), "limits.memory=" + cfg.Quota.Limits.Memory.String(),
		"requests.cpu=" + cfg.Quota.Requests.CPU.String(), "requests.memory=" + cfg.Quota.Requests.Memory.String(),
	})
	p.storage(cfg.Postgres.StorageGiB, cfg.Postgres.Backup.StorageGiB, cfg.Redis.StorageGiB)
	controller, whole := cfg.Topology.IngressController, []any{}
	p.set(reachability, "ingress-controller", peer(controller.Namespace, controller.Labels))
	for namespace, labels := range map[string]map[string]string{
		controller.Namespace: controller.Labels, cfg.Topology.DNS.Namespace: cfg.Topology.DNS.Labels, cfg.Monitoring.Namespace: cfg.Monitoring.PrometheusLabels,
	} {
		if namespace != "" && len(labels) == 0 {
			whole = append(whole, namespace)
		}
	}
	p.set("policy-names-its-peers", "whole-namespaces", whole)
	if monitoring := cfg.Monitoring; monitoring.Enabled {
		p.set(reachability, "prometheus", peer(monitoring.Namespace, monitoring.PrometheusLabels))
		p.set("who-lets-prometheus-in-is-scraped", "namespace", monitoring.Namespace)
		p.set("who-lets-prometheus-in-is-scraped", "labels", pairs(monitoring.PrometheusLabels))
	}
	dns := strconv.Itoa(cfg.Topology.DNS.Port)
	p.set("policy-for-all-pods-opens-dns-only", "ports", []any{"53", dns})

	out := ways{}
	backend, worker := cfg.Backend.Egress, cfg.Worker.Egress
	out.add("backend", backend)
	out.add("backend-worker", slices.Concat(backend, worker)) // of a poller, which runs what the backend would
	out.add("celery-worker", worker)
	for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
		out.add(name, cfg.Services[name].Egress)
	}
	if managed := cfg.Postgres.Managed; cfg.Postgres.Mode == config.PostgresManaged {
		for _, client := range []string{"backend", "backend-worker", "celery-worker", "backend-migrate"} {
			out.add(client, []config.Egress{{CIDR: managed.CIDR, Port: managed.Port}})
		}
		for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
			if slices.Contains(cfg.Services[name].Reaches, "postgres") {
				out.add(name, []config.Egress{{CIDR: managed.CIDR, Port: managed.Port}})
			}
		}
	}
	p.set(reachability, "egress", out.lines)
	p.set("policy-lets-out-to-the-world-by-port-only", "ports", out.ports)
	p.set("policy-port-is-a-pods-port", "foreign", append([]any{"53", dns}, out.ports...))
}

func (p parameters) eddCloud(cfg *config.EddCloud) {
	gateway := cfg.Gateway
	compute := fmt.Sprintf("%d-%d", gateway.ComputePorts.First, gateway.ComputePorts.Last)
	p.set("load-balancer-opens-what-is-declared", "ports", []any{"80", "443", "2222", compute})
	p.set("load-balancer-opens-what-is-declared", "address", gateway.Address.String())
	p.set("service-port-is-a-pods-port", "opened-on-demand", []any{compute})
	p.set("object-names-its-namespace", "rights", []any{gateway.SSHSecretNamespace + " Role/gateway", gateway.SSHSecretNamespace + " RoleBinding/gateway"})
	p.set("host-path-is-of-the-data", "folders", []any{
		"Deployment/gfs-master=" + cfg.GFS.Master.HostPath, "DaemonSet/gfs-chunkserver=" + cfg.GFS.Chunkserver.HostPath,
	})
	p.set("certificate-is-for-our-names", "domains", append([]any{cfg.Domain}, list(cfg.TLS.Hosts, func(host string) string {
		return strings.TrimPrefix(host, "*.")
	})...))
	if cfg.TLS.Source == config.CertificateExisting {
		p.set("pod-references-exist", "provided", []any{cfg.TLS.Secret})
	}
	sizes := []int{cfg.NATS.StorageGiB}
	for _, server := range cfg.Postgres.Servers {
		sizes = append(sizes, server.StorageGiB)
	}
	p.storage(sizes...)
	nodes := slices.Clone(Common("calico-policies-leave-nodes-reachable")["ports"].([]any))
	for _, port := range append([]int{9080, 9081}, cfg.HostPolicy.Ports...) { // those of the chunkservers, and the others
		nodes = append(nodes, strconv.Itoa(port))
	}
	p.set(reachability, "node-ports", nodes)
	single := []any{}
	if gateway.Replicas == 1 {
		single = append(single, "gateway")
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
		if cfg.Services[name].Replicas == 1 {
			single = append(single, name)
		}
	}
	p.set("serving-pods-are-two", "single", single)
}

// storage bounds claims by the largest that the configuration asks for.
func (p parameters) storage(sizesGiB ...int) {
	p.set("claim-has-a-bounded-size", "most", fmt.Sprintf("%dGi", slices.Max(sizesGiB)))
}

// ways are those out of the namespace.
type ways struct{ lines, ports []any }

func (w *ways) add(from string, ways []config.Egress) {
	for _, way := range ways {
		w.lines = append(w.lines, fmt.Sprintf("%s %s %d", from, way.CIDR, way.Port))
		if port := strconv.Itoa(way.Port); !slices.Contains(w.ports, any(port)) {
			w.ports = append(w.ports, port)
		}
	}
}

// peer is pods of a namespace as a parameter: NAMESPACE KEY=VALUE,KEY=VALUE.
func peer(namespace string, labels map[string]string) string {
	var all []string
	for _, label := range pairs(labels) {
		all = append(all, label.(string))
	}
	return strings.TrimSpace(namespace + " " + strings.Join(all, ","))
}

// pairs are labels, each as KEY=VALUE.
func pairs(labels map[string]string) []any {
	all := []any{}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		all = append(all, key+"="+labels[key])
	}
	return all
}

func list[T any](items []T, text func(T) string) []any {
	all := []any{}
	for _, item := range items {
		all = append(all, text(item))
	}
	return all
}

func most(a, b resource.Quantity) resource.Quantity {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}
