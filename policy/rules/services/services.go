// Package services holds the rules about what Services lead to, and whom they
// let in.
package services

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"go4.org/netipx"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
	"platform/policy/settings"
)

// addressKeys are the annotations by which MetalLB is asked for addresses, the
// present one first.
var addressKeys = []string{"metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"}

// described is where the ports, the pool and its addresses come from.
const described = "the platform's description: Services, MetalLB"

// documentation is Kubernetes' page on Services.
const documentation = "https://kubernetes.io/docs/concepts/services-networking/service/"

// serving are the kinds whose pods run until they are told to stop.
var serving = []string{"DaemonSet", "Deployment", "Pod", "ReplicaSet", "StatefulSet"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Services, []pack.Rule{
	{
		Name: "service-leads-to-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a Service whose selector means no pod refuses every connection, and nothing tells why",
		Remedy:    "select the labels of the workload's pod template, in its namespace",
		Reference: documentation + "#defining-a-service",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
				at := service.At("spec", "selector")
				if len(at.Keys()) > 0 && !pack.Some(s.Kinds(serving...), service.Leads) {
					r.Violated(service, at, "means no pods of its namespace")
				}
			})
		},
	},
	{
		Name: "service-port-is-a-pods-port", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a port that no container opens refuses every connection",
		Remedy:    "set targetPort to the name of a port that the pods declare",
		Reference: documentation + "#field-spec-ports",
		// The compute ports: the gateway opens one when somebody rents it, so it
		// declares none.
		Parameters: map[string]any{"opened-on-demand": []any{}},
		Stack: func(s *pack.Stack, r *pack.Report) {
			onDemand := ranges(r.List("opened-on-demand"))
			pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
				pack.Each(r, service, s.Kinds(serving...), func(o pack.Object) {
					if !service.Leads(o) || o.Off() {
						return
					}
					pod, _ := o.Pod()
					pack.Each(r, service, service.At("spec", "ports").Items(), func(port pack.Value) {
						target := target(port)
						if number, _ := strconv.Atoi(target.Port()); onDemand.hold(number) { // a name reads as 0
							return
						}
						if _, declared := pod.Port(target.Port(), port.Protocol()); !declared {
							r.Violated(service, target, "is %s/%s, which no container of %s declares", target.Port(), port.Protocol(), o)
						}
					})
				})
			})
		},
	},
	{
		Name: "service-stays-in-the-cluster", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a NodePort or LoadBalancer opens a port of the nodes' network to whoever reaches it, past the edge and its TLS",
		Remedy:     "set type to ClusterIP and publish the Service through the edge",
		Reference:  "NSA/CISA Kubernetes Hardening Guide 1.2, network separation and hardening",
		Parameters: settings.Common("service-stays-in-the-cluster"),
		Kinds:      []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			at := o.At("spec", "type")
			kind := at.Text()
			if kind == "" {
				kind = "ClusterIP"
			}
			if !slices.Contains(r.List("types"), kind) {
				r.Violated(o, at, "is %s", kind)
			}
		},
	},
	{
		Name: "service-takes-no-external-ips", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "an external IP draws the traffic of all pods to that address to this Service, whoever it belongs to (CVE-2020-8554)",
		Remedy:    "remove externalIPs; a LoadBalancer gets its address from a pool",
		Reference: "https://github.com/kubernetes/kubernetes/issues/97076",
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "externalIPs"); len(at.Items()) > 0 {
				r.Violated(o, at, "is set")
			}
		},
	},
	{
		Name: "load-balancer-opens-what-is-declared", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "each further port is one more door of the cluster, and one that is missing is a service that nobody reaches",
		Remedy:     "open exactly 80, 443, 2222 and platform:gateway.computePorts, by TCP",
		Reference:  described,
		Parameters: map[string]any{"ports": []any{}, "address": ""},
		Kinds:      []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if !balances(o) {
				return
			}
			if at, want := o.At("metadata", "annotations", addressKeys[0]), pack.Parameter[string](r, "address"); want != "" && !at.Is(want) {
				r.Violated(o, at, "is %q, and the stack file says %s", at.Text(), want)
			}
			declared := ranges(r.List("ports"))
			at := o.At("spec", "ports")
			var open, further []int
			known := true
			for _, port := range at.Items() {
				number := port.At("port")
				if !number.Known() {
					known = false
					pack.Each(r, o, []pack.Value{number}, func(v pack.Value) { v.Set() }) // says that it is not known
					continue
				}
				open = append(open, number.Int())
				if port.Protocol() != "TCP" || !declared.hold(number.Int()) {
					further = append(further, number.Int())
				}
			}
			missing := slices.DeleteFunc(declared.ports(), func(port int) bool { return slices.Contains(open, port) })
			if len(further) > 0 {
				r.Violated(o, at, "opens %s, which is not declared", collect(further))
			}
			if len(missing) > 0 && known {
				r.Violated(o, at, "lacks %s, which is declared", collect(missing))
			}
		},
	},
	{
		Name: "load-balancer-takes-no-node-ports", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "every port is opened on every node as well, and a thousand of them use up a third of the nodes' ports",
		Remedy:    "set allocateLoadBalancerNodePorts to false; MetalLB needs none",
		Reference: documentation + "#load-balancer-nodeport-allocation",
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if !balances(o) {
				return
			}
			if at := o.At("spec", "allocateLoadBalancerNodePorts"); !at.False() {
				r.Violated(o, at, "is not false")
			}
			pack.Each(r, o, o.At("spec", "ports").Items(), func(port pack.Value) {
				if at := port.At("nodePort"); at.Int() != 0 {
					r.Violated(o, at, "is %d", at.Int())
				}
			})
		},
	},
	{
		Name: "address-pool-is-announced", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a Service gets an address of a pool that no node announces, and nobody reaches it",
		Remedy:    "add an L2Advertisement or BGPAdvertisement in the pool's namespace that names the pool, or none",
		Reference: "https://metallb.io/configuration/#announce-the-service-ips",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, pools(s), func(pool pack.Object) {
				if !pack.Some(s.Kinds("L2Advertisement", "BGPAdvertisement"), func(o pack.Object) bool { return announces(o, pool) }) {
					r.Violated(pool, pool.At("spec", "addresses"), "is announced by no L2Advertisement or BGPAdvertisement")
				}
			})
			pack.Each(r, nil, s.Kinds("L2Advertisement", "BGPAdvertisement"), func(o pack.Object) {
				pack.Each(r, o, o.At("spec", "ipAddressPools").Items(), func(name pack.Value) {
					if !pack.Some(pools(s), func(pool pack.Object) bool { return pool.Called(name.Text()) && pool.Beside(o) }) {
						r.Violated(o, name, "is %q, a pool that the stack does not have", name.Text())
					}
				})
			})
		},
	},
	{
		Name: "service-selects-its-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "without a selector whoever may write EndpointSlices leads the name of the Service wherever they like, and an ExternalName leads out of the cluster",
		Remedy:    "select the labels of the workload, and reach other hosts by their own names",
		Reference: documentation + "#services-without-selectors",
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if kind := o.At("spec", "type"); kind.Is("ExternalName") {
				r.Violated(o, kind, "is an alias of another name")
			}
			if at := o.At("spec", "selector"); len(at.Keys()) == 0 {
				r.Violated(o, at, "selects nothing")
			}
		},
	},
	{
		Name: "service-leads-to-ready-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "clients are sent to pods that have not started or no longer answer",
		Remedy:    "leave out publishNotReadyAddresses, or make it a Service without an address for peers that find each other before they are ready",
		Reference: documentation,
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			at := o.At("spec", "publishNotReadyAddresses")
			if at.True() && !o.At("spec", "clusterIP").Is("None") {
				r.Violated(o, at, "leads to pods that are not ready")
			}
		},
	},
	{
		Name: "service-asks-for-its-address-by-annotation", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:    "spec.loadBalancerIP is deprecated and read by some controllers only: the Service gets another address than it names",
		Remedy:    "name the address in the annotation metallb.io/loadBalancerIPs of a LoadBalancer",
		Reference: "https://metallb.io/usage/#requesting-specific-ips",
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "loadBalancerIP"); at.Text() != "" {
				r.Violated(o, at, "is deprecated")
			}
			for _, key := range addressKeys {
				if at := o.At("metadata", "annotations", key); at.Set() && !o.At("spec", "type").Is("LoadBalancer") {
					r.Violated(o, o.At("spec", "type"), "is none that is given the address of %s", at.Path())
				}
			}
		},
	},
	{
		Name: "node-port-is-fixed", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "the API server gives a port that is not named by chance, and whoever asks at the node does not find it after the Service was made again",
		Remedy:    "set nodePort of each port",
		Reference: documentation + "#type-nodeport",
		Kinds:     []string{"Service"},
		Object: func(o pack.Object, r *pack.Report) {
			if !o.At("spec", "type").Is("NodePort") {
				return
			}
			pack.Each(r, o, o.At("spec", "ports").Items(), func(port pack.Value) {
				if at := port.At("nodePort"); at.Int() == 0 {
					r.Violated(o, at, "is not set")
				}
			})
		},
	},
	{
		Name: "pool-is-small-and-private", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "MetalLB answers for every address of a pool: a wide one takes those of routers and of other machines",
		Remedy:     "list private addresses that nobody else has, no more than the rule's parameter",
		Reference:  "https://metallb.io/configuration/",
		Kinds:      []string{"IPAddressPool"},
		Parameters: map[string]any{"most": 64.0},
		Object: func(o pack.Object, r *pack.Report) {
			most := int(pack.Parameter[float64](r, "most"))
			if at := o.At("spec", "addresses"); len(at.Items()) == 0 {
				r.Violated(o, at, "lists no address")
			}
			pack.Each(r, o, o.At("spec", "addresses").Items(), func(listed pack.Value) {
				b, ok := blockOf(listed.Text())
				switch {
				case !ok:
					r.Violated(o, listed, "is no range of addresses")
				case !b.From().IsPrivate() || !b.To().IsPrivate():
					r.Violated(o, listed, "is not private")
				case !within(b, most):
					r.Violated(o, listed, "has more than %d addresses", most)
				}
			})
		},
	},
	{
		Name: "announcement-names-its-pools", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:    "an announcement without pools is one of every pool of the cluster, those of others included",
		Remedy:    "list the pools in ipAddressPools",
		Reference: "https://metallb.io/configuration/_advanced_l2_configuration/",
		Kinds:     []string{"L2Advertisement", "BGPAdvertisement"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "ipAddressPools"); len(at.Items()) == 0 && len(o.At("spec", "ipAddressPoolSelectors").Items()) == 0 {
				r.Violated(o, at, "names none, which means all")
			}
		},
	},
})

// blockOf reads FIRST-LAST or a network, as a pool lists them.
func blockOf(text string) (netipx.IPRange, bool) {
	if network, err := netip.ParsePrefix(text); err == nil {
		return netipx.RangeOfPrefix(network.Masked()), true
	}
	block, err := netipx.ParseIPRange(strings.ReplaceAll(text, " ", ""))
	return block, err == nil && block.IsValid()
}

// pools are MetalLB's.
func pools(s *pack.Stack) []pack.Object { return s.Kinds("IPAddressPool") }

func balances(o pack.Object) bool { return o.At("spec", "type").Is("LoadBalancer") }

// announces reports whether an advertisement is for a pool: one that names no
// pool is for all.
func announces(o, pool pack.Object) bool {
	if !o.Beside(pool) {
		return false
	}
	names, selectors := o.At("spec", "ipAddressPools").Texts(), o.At("spec", "ipAddressPoolSelectors").Items()
	if len(names)+len(selectors) == 0 {
		return true
	}
	return slices.ContainsFunc(names, pool.Called) || pack.Some(selectors, func(selector pack.Value) bool {
		return selector.Selector().Matches(labels.Set(pool.Labels()))
	})
}

// within reports whether a block has no more than so many addresses.
func within(block netipx.IPRange, most int) bool {
	last := block.From()
	for range most {
		if last == block.To() {
			return true
		}
		last = last.Next()
	}
	return false
}

// span is ports from first to last, both among them.
type span struct{ first, last int }

// spans are ports.
type spans []span

// ranges reads ports such as 443 and 8000-8999. It panics for what is neither,
// as it reads parameters of rules.
func ranges(texts []string) spans {
	var all spans
	for _, text := range texts {
		first, last, several := strings.Cut(text, "-")
		if !several {
			last = first
		}
		from, _ := strconv.Atoi(first) // what is no number reads as 0, which is no port
		to, _ := strconv.Atoi(last)
		if from < 1 || to > 65535 || from > to {
			panic(fmt.Sprintf("%q is no port from 1 to 65535 and no range FIRST-LAST of them", text))
		}
		all = append(all, span{from, to})
	}
	return all
}

// collect makes ranges of single ports.
func collect(ports []int) spans {
	ports = slices.Compact(slices.Sorted(slices.Values(ports)))
	var all spans
	for _, port := range ports {
		if end := len(all) - 1; end >= 0 && all[end].last == port-1 {
			all[end].last = port
			continue
		}
		all = append(all, span{port, port})
	}
	return all
}

func (s spans) hold(port int) bool {
	return slices.ContainsFunc(s, func(one span) bool { return one.first <= port && port <= one.last })
}

// ports are all, one by one.
func (s spans) ports() []int {
	var all []int
	for _, one := range s {
		for port := one.first; port <= one.last; port++ {
			all = append(all, port)
		}
	}
	return all
}

func (s spans) String() string {
	var texts []string
	for _, one := range s {
		if one.first == one.last {
			texts = append(texts, strconv.Itoa(one.first))
		} else {
			texts = append(texts, fmt.Sprintf("%d-%d", one.first, one.last))
		}
	}
	return strings.Join(texts, ", ")
}

// target is where a port leads; the API server makes an absent one the port.
func target(port pack.Value) pack.Value {
	if target := port.At("targetPort"); target.Set() {
		return target
	}
	return port.At("port")
}
