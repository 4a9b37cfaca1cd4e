package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Route leads requests of a host to a service.
type Route struct {
	Host        string `key:"host"`
	Path        string `key:"path"`    // prefix; default /
	Service     string `key:"service"` // a service of the namespace
	Port        int    `key:"port"`    // of the Service; default 80
	StripPrefix bool   `key:"stripPrefix"`
}

// Routes is every way from the gateway to a service, those that services ask
// for included: by host, longer paths first, so that the first match is the
// closest.
func (c *EddCloud) Routes() []Route {
	routes := make([]Route, 0, len(c.Gateway.Routes))
	for _, keyed := range c.keyedRoutes() {
		routes = append(routes, keyed.Route)
	}
	slices.SortFunc(routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(len(b.Path), len(a.Path)), cmp.Compare(a.Path, b.Path))
	})
	return routes
}

// keyedRoute is a route and the key that it comes from.
type keyedRoute struct {
	Route
	key   string
	asked bool // by its service
}

func (c *EddCloud) keyedRoutes() []keyedRoute {
	var routes []keyedRoute
	for i, route := range c.Gateway.Routes {
		routes = append(routes, keyedRoute{Route: route, key: fmt.Sprintf("gateway.routes[%d]", i)})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		for i, asked := range c.Services[name].Routes {
			routes = append(routes, keyedRoute{
				Route: Route{Host: asked.Host, Path: asked.Path, Service: name, Port: DefaultServicePort},
				key:   fmt.Sprintf("services[%s].routes[%d]", name, i), asked: true,
			})
		}
	}
	return routes
}

// ports lists the ports of each Service that a route may lead to.
func (c *EddCloud) ports() map[string][]int {
	ports := map[string][]int{
		HAProxyName:   {PostgresPort},
		GFSMasterName: {GFSMasterPort},
		NATSName:      {NATSPort, NATSMonitorPort},
	}
	for _, name := range postgresServers {
		ports[name] = []int{PostgresPort}
	}
	for name, service := range c.Services {
		ports[name] = service.servicePorts()
	}
	return ports
}

// servicePorts are those of the Service, not those of the container.
func (s CoreService) servicePorts() []int {
	var ports []int
	if s.Port != 0 {
		ports = append(ports, DefaultServicePort)
	}
	if s.GRPCPort != 0 {
		ports = append(ports, s.GRPCPort)
	}
	return ports
}

func numbers(list []int) string { return textOf(list, strconv.Itoa) }

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
