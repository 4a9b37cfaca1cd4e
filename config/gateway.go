package config

import (
	"net/mail"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Gateway configures the way in: SSH, HTTP, HTTPS and the compute ports.
type Gateway struct {
	Build
	Replicas     int               `key:"replicas"` // default 1
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	Address      netip.Addr        `key:"address"`      // of its Service, from a pool of metallb
	ComputePorts PortRange         `key:"computePorts"` // led through to the same number; default 8000 to 8999
	ACMEEmail    string            `key:"acmeEmail"`
	Routes       []Route           `key:"routes"` // beside those that services ask for, see [EddCloud.Routes]

	Database           string `key:"database"`           // of postgres.databases, whose tables of users' containers it reads; default compute_db
	DatabaseRole       string `key:"databaseRole"`       // its own there, which may read them and no more; default gateway_svc
	SSHSecretNamespace string `key:"sshSecretNamespace"` // where its image asks for the Secret gateway-ssh-key; default by the image's tag, see lastTagInDefault
}

// PortRange is First to Last, both included.
type PortRange struct {
	First int `key:"first"`
	Last  int `key:"last"`
}

const (
	// DefaultFirstComputePort is the first that the gateway leads to the users'
	// containers.
	DefaultFirstComputePort = 8000
	// DefaultLastComputePort is the last of these.
	DefaultLastComputePort = 8999
	// DefaultGatewayDatabase is that of edd-compute, which makes the tables that
	// the gateway reads: containers, ssh_keys and ingress_rules.
	DefaultGatewayDatabase = "compute_db"
	// DefaultGatewayRole is the gateway's own role there.
	DefaultGatewayRole = "gateway_svc"
)

var defaultGatewayResources = NewResources("50m", "128Mi", "2", "2Gi")

// lastTagInDefault is the newest tag of the gateway's image that was seen to
// ask for its Secret gateway-ssh-key in the namespace default. Images that are
// newer ask in core.
const lastTagInDefault = "20260215-062053"

// sshSecretNamespace is where an image of the gateway asks for that Secret, as
// far as its tag tells. One without a time in its tag is taken for a new one.
func sshSecretNamespace(image string) string {
	last, _ := parseTag(lastTagInDefault)
	if built, known := TagTime(image); known && !built.After(last) {
		return "default"
	}
	return CoreNamespace
}

func (g *Gateway) applyDefaults() {
	setDefault(&g.Replicas, DefaultServiceReplicas)
	g.Resources.fill(defaultGatewayResources)
	setDefault(&g.ComputePorts, PortRange{DefaultFirstComputePort, DefaultLastComputePort})
	setDefault(&g.Database, DefaultGatewayDatabase)
	setDefault(&g.DatabaseRole, DefaultGatewayRole)
	setDefault(&g.SSHSecretNamespace, sshSecretNamespace(g.Image))
	for i := range g.Routes {
		setDefault(&g.Routes[i].Path, DefaultRoutePath)
		setDefault(&g.Routes[i].Port, DefaultServicePort)
	}
}

// mostComputePorts bounds the ports of one Service: as many, and the three
// others, were tried with a real API server and a real MetalLB.
const mostComputePorts = 1000

func (g Gateway) validate(into *collector) {
	const key = "gateway"
	into.runs(key, g.Build, g.Resources, g.NodeSelector)
	into.positive(key+".replicas", g.Replicas)
	if !g.Address.IsValid() {
		into.add(key+".address", "write one of a pool of "+Namespace+":metallb", "it is empty, and names of the domain lead to a fixed address")
	}
	g.ComputePorts.validate(into, key+".computePorts")
	into.email(key+".acmeEmail", g.ACMEEmail)
	into.namespace(key+".sshSecretNamespace", g.SSHSecretNamespace)
}

// namespace checks the name of a namespace, which has no dots.
func (c *collector) namespace(key, value string) {
	if len(validation.IsDNS1123Label(value)) != 0 {
		c.add(key, "write a namespace such as "+CoreNamespace, "%s is not the name of a namespace: lower-case letters, digits and dashes", orEmpty(value))
	}
}

// validateGatewayDatabase is a rule across parts: the gateway reads one of the
// databases that the platform makes, as a role that is nobody else's.
func (c *EddCloud) validateGatewayDatabase(into *collector) {
	const database, role = "gateway.database", "gateway.databaseRole"
	if !into.clean("postgres.databases") {
		return
	}
	var names, roles []string
	for _, known := range c.Postgres.Databases {
		names, roles = append(names, known.Name), append(roles, known.Role)
	}
	if !slices.Contains(names, c.Gateway.Database) {
		into.add(database, oneOfThese(c.Gateway.Database, names), "%s is none of %s:postgres.databases: the gateway would find no table", quoted(c.Gateway.Database), Namespace)
	}
	if into.identifier(role, c.Gateway.DatabaseRole, DefaultGatewayRole) && into.unreserved(role, c.Gateway.DatabaseRole, reservedRoles) &&
		slices.Contains(roles, c.Gateway.DatabaseRole) {
		into.add(role, "choose another, such as "+DefaultGatewayRole, "%q owns a database of %s:postgres.databases: the gateway may read one and change none", c.Gateway.DatabaseRole, Namespace)
	}
}

func (p PortRange) validate(into *collector, key string) {
	const remedy = "choose ports such as 8000 to 8999"
	switch {
	case p.First < 1 || p.Last > 65535:
		into.add(key, remedy, "%d to %d is not within 1 to 65535", p.First, p.Last)
	case p.First > p.Last:
		into.add(key, "swap its ends, or write both,", "%d to %d runs backwards", p.First, p.Last)
	case p.Last-p.First >= mostComputePorts:
		into.add(key, remedy, "%d to %d are %d ports, and a Service of more than %d was never tried", p.First, p.Last, p.Last-p.First+1, mostComputePorts)
	default:
		taken := slices.IndexFunc(gatewayPorts, func(port int) bool { return p.First <= port && port <= p.Last })
		if taken >= 0 {
			into.add(key, remedy, "%d to %d holds %d, which the gateway has for itself", p.First, p.Last, gatewayPorts[taken])
		}
	}
}

// email checks an address without a name beside it.
func (c *collector) email(key, value string) {
	parsed, err := mail.ParseAddress(value)
	if err != nil || parsed.Address != value {
		c.add(key, "write an address such as admin@"+exampleDomain, "%s is not the address of a mailbox", orEmpty(value))
	}
}
