package config

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
)

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

// MasterAddress is where chunkservers, which are on their nodes' networks,
// reach the master: ADDRESS:NODEPORT of the node that they are told to ask.
func (c *EddCloud) MasterAddress() string {
	node, _ := c.Topology.node(c.GFS.Chunkserver.MasterNode)
	return netip.AddrPortFrom(node.Address, uint16(c.GFS.Master.NodePort)).String()
}
