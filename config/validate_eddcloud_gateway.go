package config

import (
	"net/mail"
	"slices"
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
