package config

import (
	"net/mail"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
)

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
