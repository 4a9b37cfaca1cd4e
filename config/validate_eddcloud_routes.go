package config

import (
	"maps"
	"slices"
	"strings"
)

// validateRoutes checks that each route leads from a host of the domain to a
// port that exists, and that no two are the same.
func (c *EddCloud) validateRoutes(into *collector) {
	if !into.clean("domain") {
		return // the catalogue's hosts lie under it
	}
	ports, taken := c.ports(), map[string]string{}
	for _, route := range c.keyedRoutes() {
		if into.host(route.key+".host", route.Host, "docs.cloud."+c.Domain) {
			into.under(route.key+".host", route.Host, c.Domain)
		}
		into.path(route.key+".path", route.Path)
		route.validateTarget(into, ports)
		match := route.Host + strings.TrimSuffix(route.Path, "/")
		if first, twice := taken[match]; twice {
			into.add(route.key, "choose another host or path, or remove one of the two,", "%s%s is that of %s already", route.Host, route.Path, first)
			continue
		}
		taken[match] = route.key
	}
}

// under checks that a host lies under the domain.
func (c *collector) under(key, host, domain string) {
	if host != domain && !strings.HasSuffix(host, "."+domain) {
		c.add(key, "write a host such as docs.cloud."+domain, "%q does not lie under the domain, %s", host, domain)
	}
}

// validateTarget checks that the Service and its port exist.
func (r keyedRoute) validateTarget(into *collector, ports map[string][]int) {
	served, known := ports[r.Service]
	switch {
	case !into.clean("services["+r.Service+"].port", "services["+r.Service+"].grpcPort"): // what it serves is not known
	case !known:
		into.add(r.key+".service", oneOfThese(r.Service, slices.Sorted(maps.Keys(ports))), "%s is no Service of the platform", orEmpty(r.Service))
	case slices.Contains(served, r.Port):
	case r.asked:
		into.add(r.key, "set its port, or remove its routes,", "%s serves no HTTP for it to lead to", r.Service)
	default:
		into.add(r.key+".port", "choose one that it serves", "%d is no port of the Service %s, which serves %s", r.Port, r.Service, numbers(served))
	}
}
