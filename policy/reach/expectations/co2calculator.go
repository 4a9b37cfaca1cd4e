package expectations

import "platform/policy/reach"

// IngressController, Prometheus and ClusterDNS name the pods of other stacks
// that the co2-calculator's flows begin or end at.
const (
	IngressController = "ingress controller"
	Prometheus        = "prometheus"
	ClusterDNS        = "cluster DNS"
)

const (
	described   = "the platform's description, Network Architecture and Network Policies"
	configured  = "the platform's description, Configuration Management"
	monitored   = "the platform's description, Monitoring & Observability"
	nodesAnswer = "the DNS may have addresses beside its pods: platform:topology.dns.addresses"
	assumed     = "the identity provider is outside, unless the stack's configuration says where"
	short       = "the Jobs that make and keep the database"
)

// dnsPort is where the cluster's DNS is asked, unless somebody says otherwise.
const dnsPort = 53

// asking is the ports for questions to DNS.
func asking(port int) reach.Ports { return reach.UDP(port).Union(reach.TCP(port)) }

// CO2Calculator is the platform of EPFL: the world reaches it through the
// ingress controller alone.
var CO2Calculator = Platform{
	Name: "co2-calculator", Namespaces: "co2-calculator-*", Database: "postgres",
	Around: reach.Surroundings{Peers: []reach.Outsider{
		{Name: IngressController, Namespace: "ingress-nginx", Labels: map[string]string{"app.kubernetes.io/name": "ingress-nginx"}},
		{Name: Prometheus, Namespace: "monitoring", Labels: map[string]string{"app.kubernetes.io/name": "prometheus"}},
		{Name: ClusterDNS, Namespace: "kube-system", Labels: map[string]string{"k8s-app": "kube-dns"}},
	}},
	Flows: []Flow{
		{From: IngressController, To: "frontend", Ports: reach.TCP(8080), Must: true, Source: described},
		{From: IngressController, To: "backend", Ports: reach.TCP(8000), Must: true, Source: described},
		{From: "frontend", To: "backend", Ports: reach.TCP(8000), Must: true, Source: described},
		{From: "backend", To: "redis", Ports: reach.TCP(6379), Must: true, Source: configured},
		{From: "celery-worker", To: "redis", Ports: reach.TCP(6379), Must: true, Source: configured},
		{From: "backend-worker", To: "redis", Ports: reach.TCP(6379), Must: true, Source: configured},
		{From: "backend", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: configured},
		{From: "celery-worker", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: configured},
		{From: "backend-worker", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: configured},
		{From: "backend-migrate", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: short},
		{From: "postgres-init", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: short},
		{From: "db-dump", To: "postgres", Ports: reach.TCP(5432), Must: true, Source: short},
		{From: Prometheus, To: "backend", Ports: reach.TCP(8000), Source: monitored},
		{From: Prometheus, To: "redis", Ports: reach.TCP(9121), Source: monitored},
		{From: Pods, To: ClusterDNS, Ports: asking(dnsPort), Must: true, Source: "every flow begins with a name"},
		{From: Pods, To: LinkLocal, Ports: asking(dnsPort), Source: nodesAnswer},
		{From: Pods, To: Networks, Ports: asking(dnsPort), Source: nodesAnswer},
		{From: "backend", To: Worlds, Ports: reach.TCP(443), Source: assumed},
		{From: "backend-worker", To: Worlds, Ports: reach.TCP(443), Source: assumed},
	},
}
