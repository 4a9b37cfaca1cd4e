package mutation

const groupServices = "services"

var (
	serviceKinds = []string{"Service"}
	annotations  = "metadata annotations "
)

// Which address of its pool a Service has is the operator's choice, so that only
// another than those is a mutant.
var services = []Operator{
	{Group: groupServices, Name: "type", Kinds: serviceKinds, At: "spec type", Do: []Change{set("NodePort"), set("LoadBalancer"), set("ExternalName")}},
	{Group: groupServices, Name: "allocateLoadBalancerNodePorts", Kinds: serviceKinds, At: "spec allocateLoadBalancerNodePorts", Do: []Change{removed, replaced(true)}},
	{Group: groupServices, Name: "nodePort", Kinds: serviceKinds, At: "spec ports * nodePort", Do: []Change{removed, other}},
	{Group: groupServices, Name: "externalTrafficPolicy", Kinds: serviceKinds, At: "spec externalTrafficPolicy", Do: []Change{removed, replaced("Cluster")}},
	{Group: groupServices, Name: "externalIPs", Kinds: serviceKinds, At: "spec externalIPs", Do: []Change{appended("one", "192.0.2.1")}},
	{Group: groupServices, Name: "address", Kinds: serviceKinds, At: annotations + "metallb.io/loadBalancerIPs", Do: []Change{removed, replaced("192.0.2.1")}},
	{Group: groupServices, Name: "address", Kinds: serviceKinds, At: "spec loadBalancerIP", Do: []Change{set("192.0.2.1")}},
	{Group: groupServices, Name: "loadBalancerSourceRanges", Kinds: serviceKinds, At: "spec loadBalancerSourceRanges", Do: []Change{removed, replaced([]any{"0.0.0.0/0"})}},
	{Group: groupServices, Name: "publishNotReadyAddresses", Kinds: serviceKinds, At: "spec publishNotReadyAddresses", Where: addressed, Do: []Change{set(true)}},
	{Group: groupServices, Name: "selector", Kinds: serviceKinds, At: "spec selector", Do: []Change{removed, emptied}},
	{Group: groupServices, Name: "label of the selector", Kinds: serviceKinds, At: "spec selector app", Do: []Change{set("nobody")}},
	{Group: groupServices, Name: "ports", Kinds: serviceKinds, At: "spec ports", Do: []Change{appended("another", map[string]any{"name": "debug", "port": 6060, "targetPort": 6060, "protocol": "TCP"})}},
	{Group: groupServices, Name: "targetPort", Kinds: serviceKinds, At: "spec ports * targetPort", Where: settled, Do: []Change{other}},
	{Group: groupServices, Name: "protocol", Kinds: serviceKinds, At: "spec ports * protocol", Where: settled, Do: []Change{replaced("UDP")}},
	{Group: groupServices, Name: "namespace", Kinds: serviceKinds, At: "metadata namespace", Do: []Change{set("default")}},
}

// addressed leaves out Services without an address of their own: peers look each
// other up there before they are ready, and no client does.
func addressed(s Site) bool {
	address := s.beside("clusterIP")
	return !address.IsString() || address.StringValue() != "None"
}

// settled leaves out the ports of the gateway that users rent: each leads to
// itself, and no pod declares it.
func settled(s Site) bool {
	target := s.beside("targetPort")
	return !target.IsNumber() || target.NumberValue() < 8000 || target.NumberValue() > 8999
}
