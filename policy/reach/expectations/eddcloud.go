package expectations

import (
	"net/netip"

	"platform/policy/reach"
)

const (
	isolation   = "the platform's description, Core Namespace Isolation"
	chunkserver = "the platform's description, GFS Chunkserver Access"
	nodePort    = "the platform's description, Services: gfs-master"
	failsafe    = "Calico keeps these open at every host endpoint"
	free        = "the isolation restricts who comes in, not who goes out"
)

// EddCloud is the platform on K3s: its isolation lets in the namespace itself,
// the nodes and the pods' network, and the world at the gateway's ports. Its
// nodes are checked as they are where host endpoints close them: without any,
// no policy is asked and the nodes are open.
var EddCloud = Platform{
	Name: "edd-cloud", Namespaces: "core",
	Around: reach.Surroundings{
		Nodes: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16")},
		Pods:  []netip.Prefix{netip.MustParsePrefix("10.42.0.0/16")},
		Hosts: reach.HostsClosed,
	},
	Flows: []Flow{
		{From: Pods, To: Pods, Ports: reach.AllPorts, Must: true, Source: isolation},
		{From: Hosts, To: Pods, Ports: reach.AllPorts, Must: true, Source: isolation},
		{From: Outsiders, To: Pods, Ports: reach.AllPorts, Must: true, Source: isolation},
		{From: Worlds, To: Pods, Ports: reach.TCP(2222, 8443, 18080), Source: isolation},
		{From: LinkLocal, To: Pods, Ports: reach.TCP(2222, 8443, 18080), Source: isolation},
		{From: LinkLocal, To: "gfs-master", Ports: reach.TCP(9000), Source: nodePort},
		{From: Worlds, To: "gateway", Ports: reach.TCP(2222, 8443, 18080), Must: true, Source: isolation},
		{From: Worlds, To: "gfs-master", Ports: reach.TCP(9000), Source: nodePort},
		{From: Pods, To: Worlds, Ports: reach.AllPorts, Source: free},
		{From: Pods, To: LinkLocal, Ports: reach.AllPorts, Source: free},
		{From: Pods, To: Outsiders, Ports: reach.AllPorts, Source: free},
		{From: Hosts, To: Worlds, Ports: reach.AllPorts, Source: free},
		{From: Hosts, To: LinkLocal, Ports: reach.AllPorts, Source: free},
		{From: Hosts, To: Outsiders, Ports: reach.AllPorts, Source: free},
		{From: Everybody, To: Hosts, Ports: reach.TCP(22, 6443, 9080, 9081, 10250), Must: true, Source: chunkserver},
		{From: Everybody, To: Hosts, Ports: reach.Failsafe, Source: failsafe},
	},
}
