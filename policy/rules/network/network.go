// Package network holds the rules about namespaces and about who may reach
// whom: NetworkPolicies, and Calico's on the nodes themselves.
package network

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	corev1 "k8s.io/api/core/v1"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
	"platform/policy/settings"
)

// The widest block of public addresses that still means somebody: the largest
// that registries hand out. Two halves of the Internet are the Internet.
const (
	widestIPv4 = 8
	widestIPv6 = 16
)

// privateIPv6 is the range of addresses that no router of the Internet knows.
const privateIPv6 = 7

const (
	calicoPolicyPage = "https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy"
	calicoHostsPage  = "https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts"
)

// last is after every order that anybody writes; Calico takes an absent one so.
const last = 1e18

// namespaced are the kinds that rules check and that live in a namespace; of
// other kinds the rule cannot report whether an absent one is an omission.
var namespaced = append([]string{
	"ConfigMap", "Endpoints", "EndpointSlice", "HorizontalPodAutoscaler", "Ingress", "LimitRange", "NetworkPolicy",
	"PersistentVolumeClaim", "PodDisruptionBudget", "ResourceQuota", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount",
}, pack.PodKinds...)

const (
	admissionPage = "https://kubernetes.io/docs/concepts/security/pod-security-admission/"
	levelLabel    = "pod-security.kubernetes.io/"
)

// levels are those of Pod Security, the strictest first.
var levels = []string{"restricted", "baseline", "privileged"}

// Where most of these rules come from.
const (
	policiesPage = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
	nsaGuide     = "NSA/CISA Kubernetes Hardening Guide 1.2, Network separation and hardening"
)

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Network, []pack.Rule{
	{
		Name: "object-names-its-namespace", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "an object without a namespace lands in default or wherever the provider points, outside the policies and quotas of the platform's own",
		Remedy:    "set metadata.namespace to a namespace of the platform",
		Reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#when-to-use-multiple-namespaces",
		Object: func(o pack.Object, r *pack.Report) {
			if o.Kind == "" {
				return
			}
			namespace := o.At("metadata", "namespace")
			switch {
			case slices.Contains(r.List("rights"), namespace.Text()+" "+o.Kind+"/"+o.Name()): // in one that others share
			case slices.Contains(r.List("refused"), namespace.Text()):
				r.Violated(o, namespace, "is the namespace %s", namespace.Text())
			case !namespace.Set() && slices.Contains(namespaced, o.Kind) && !collection(o):
				r.Violated(o, namespace, "names no namespace")
			}
		},
		Parameters: settings.Common("object-names-its-namespace"),
	},
	{
		Name: "namespace-enforces-a-level", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "whoever may create pods in the namespace gets root on a node where the API server does not refuse privileged ones",
		Remedy:    "set pod-security.kubernetes.io/enforce to the level",
		Reference: admissionPage,
		Kinds:     []string{"Namespace"},
		Object: func(o pack.Object, r *pack.Report) {
			least := pack.Parameter[string](r, "level")
			label := o.At("metadata", "labels", levelLabel+"enforce")
			if at := slices.Index(levels, label.Text()); at < 0 || at > slices.Index(levels, least) {
				r.Violated(o, label, "is less than %s", least)
			}
		},
		Parameters: map[string]any{"level": "restricted"},
	},
	{
		Name: "namespace-denies-ingress-by-default", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a pod that no policy selects is reached by every pod of the cluster",
		Remedy:    "add a NetworkPolicy with an empty podSelector and the policy type Ingress",
		Reference: nsaGuide,
		Stack:     denies("Ingress"),
	},
	{
		Name: "namespace-denies-egress-by-default", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "whoever takes over a pod can send what it finds anywhere",
		Remedy:    "add a NetworkPolicy with an empty podSelector and the policy type Egress, which lets out questions to the DNS",
		Reference: nsaGuide,
		Stack:     denies("Egress"),
	},
	{
		Name: "pod-is-selected-by-a-policy", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a pod that no policy selects talks to everybody and is reached by everybody",
		Remedy:    "select the pod's labels in a NetworkPolicy of its namespace",
		Reference: nsaGuide,
		Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			if onNodeNetwork(pod.Owner) { // those are for hostPorts to check
				return
			}
			if !pack.Some(policies(s), func(policy pack.Object) bool { return covers(policy, pod.Owner) }) {
				r.Violated(pod, pod.Metadata.At("labels"), "is selected by no NetworkPolicy")
			}
		}),
	},
	{
		Name: "policy-selects-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a policy whose selector has a slip protects nobody, and nothing says so",
		Remedy:    "make podSelector the labels of the pods that the policy is meant for; it does nothing for those with hostNetwork",
		Reference: policiesPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, policies(s), func(policy pack.Object) {
				if policy.PodSelector().Empty() { // whoever comes
					return
				}
				if !pack.Some(s.Kinds(pack.PodKinds...), func(workload pack.Object) bool { return covers(policy, workload) }) {
					r.Violated(policy, policy.At("spec", "podSelector"), "selects no pod of the stack")
				}
			})
		},
	},
	{
		Name: "policy-lets-the-world-in-at-the-edge-only", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a rule without peers, or with all addresses, undoes the default deny for everything that it selects",
		Remedy:    "name the peers by pod and namespace labels or by their networks; for the edge, name its ports",
		Reference: policiesPage,
		Kinds:     []string{"NetworkPolicy"},
		Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, o.At("spec", "ingress").Items(), func(rule pack.Value) {
				if peer, all := open(rule.At("from")); all {
					if port, wrong := unlisted(rule, r.List("ports")); wrong {
						r.Violated(o, port, "is open to everybody, by %s", peer.Path())
					}
				}
			})
		}),
		Parameters: settings.Common("policy-lets-the-world-in-at-the-edge-only"),
	},
	{
		Name: "policy-lets-out-to-the-world-by-port-only", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a rule without peers, or with all addresses, lets whoever takes over a pod send what it finds anywhere",
		Remedy:    "name the peers, or where clients are anywhere the few ports that are needed",
		Reference: nsaGuide,
		Kinds:     []string{"NetworkPolicy"},
		Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, o.At("spec", "egress").Items(), func(rule pack.Value) {
				if peer, all := open(rule.At("to")); all {
					if port, wrong := unlisted(rule, r.List("ports")); wrong {
						r.Violated(o, port, "leads everywhere, by %s", peer.Path())
					}
				}
			})
		}),
		Parameters: map[string]any{"ports": []any{}},
	},
	{
		Name: "policy-keeps-the-metadata-address-closed", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "clouds hand out the node's credentials at this address to whoever asks from it",
		Remedy:    "list 169.254.0.0/16 in except of the block, or name narrower peers",
		Reference: "https://kubernetes.io/docs/concepts/security/security-checklist/#network-security",
		Kinds:     []string{"NetworkPolicy"},
		Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, r.List("addresses"), func(text string) {
				address := netip.MustParseAddr(text)
				pack.Each(r, o, o.At("spec", "egress").Items(), func(rule pack.Value) {
					peers := rule.At("to")
					if len(peers.Items()) == 0 {
						r.Violated(o, peers, "leads to %s, as everywhere", text)
					}
					pack.Each(r, o, peers.Items(), func(peer pack.Value) {
						if block := peer.At("ipBlock"); block.Set() && includes(block, address) {
							r.Violated(o, block, "leads to %s", text)
						}
					})
				})
			})
		}),
		Parameters: settings.Common("policy-keeps-the-metadata-address-closed"),
	},
	{
		Name: "calico-policies-have-an-order-each", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "Calico decides between policies of one order by their names, and takes one without an order last: a new name may turn allow into deny",
		Remedy:    "set spec.order to a number that no other policy of the tier has",
		Reference: calicoPolicyPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			policies := calicoPolicies(s, "GlobalNetworkPolicy", "NetworkPolicy")
			pack.Each(r, nil, policies, func(policy pack.Object) {
				own := policy.At("spec", "order")
				if !own.Set() {
					r.Violated(policy, own, "has no order")
					return
				}
				number := order(policy)
				if number > pack.Parameter[float64](r, "latest") {
					r.Violated(policy, own, "is later than %g, and whatever comes before decides", pack.Parameter[float64](r, "latest"))
				}
				if other, same := pack.First(policies, func(other pack.Object) bool {
					return other.URN != policy.URN && tier(other) == tier(policy) && order(other) == number
				}); same {
					r.Violated(policy, own, "is the order of %s, too", other)
				}
			})
		},
		// The default order of policies that other tools write is 1000.
		Parameters: map[string]any{"latest": 1000.0},
	},
	{
		Name: "calico-policies-leave-nodes-reachable", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a policy on nodes refuses all that it does not name: their SSH, API server and kubelet are cut off at once, the repair included",
		Remedy:    "allow the port in a policy on the nodes before any that denies it, or confine the policy to pods by namespaceSelector",
		Reference: calicoHostsPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			policies := hostPolicies(s)
			pack.Each(r, nil, r.List("ports"), func(port string) {
				if policy, at, shut := shuts(policies, port); shut {
					r.Violated(policy, at, "shuts TCP port %s of every node", port)
				}
			})
		},
		Parameters: settings.Common("calico-policies-leave-nodes-reachable"),
	},
	{
		Name: "calico-allow-names-ports-or-peers", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a global rule that allows everything to everybody is stronger than every policy after it",
		Remedy:    "name the rule's destination ports or its source",
		Reference: calicoPolicyPage,
		Kinds:     []string{"GlobalNetworkPolicy"},
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, o.At("spec", "ingress").Items(), func(rule pack.Value) {
				ports := rule.At("destination", "ports")
				if rule.At("action").Is("Allow") && len(ports.Items()) == 0 && len(rule.At("source").Keys()) == 0 {
					r.Violated(o, ports, "allows all ports to everybody")
				}
			})
		},
	},
	{
		Name: "calico-early-policy-is-whole", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "Calico refuses a policy before connection tracking or address translation that does not apply to forwarded traffic, and one before translation that looks outwards",
		Remedy:    "set applyOnForward to true, and keep egress out of a preDNAT policy",
		Reference: calicoPolicyPage,
		Kinds:     []string{"GlobalNetworkPolicy"},
		Object: func(o pack.Object, r *pack.Report) {
			if !early(o) {
				return
			}
			spec := o.At("spec")
			if forward := spec.At("applyOnForward"); !forward.True() {
				r.Violated(o, forward, "is not true")
			}
			if spec.At("preDNAT").True() && calicoRestricts(o, "Egress") {
				r.Violated(o, spec.At("egress"), "looks outwards before addresses are translated")
			}
			if spec.At("preDNAT").True() && spec.At("doNotTrack").True() {
				r.Violated(o, spec.At("preDNAT"), "is set beside doNotTrack")
			}
		},
	},
	// It is for pods on their node's network what pod-is-selected-by-a-policy is for others.
	// Ports that are not TCP are passed over: [names] reads no rules for them.
	{
		Name: "host-network-ports-have-a-host-policy", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a NetworkPolicy does not see a pod on its node's network; with HostEndpoints its ports are shut, and without a policy on them nobody decides who comes in",
		Remedy:    "name the pod's ports in a GlobalNetworkPolicy of Calico that applies to the nodes",
		Reference: calicoHostsPage,
		Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			if !pod.Spec.At("hostNetwork").True() {
				return
			}
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
					number := port.At("containerPort").Port()
					if port.Protocol() != "TCP" || pack.Some(hostPolicies(s), func(policy pack.Object) bool { return mentions(policy, number) }) {
						return
					}
					r.Violated(c, port, "is the node's port %s, which no policy on the nodes names", number)
				})
			})
		}),
	},
	{
		Name: "namespace-has-a-quota", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "what runs in one namespace can take the nodes of all others",
		Remedy:    "add a ResourceQuota to the namespace",
		Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, Resource policies",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
				if !has(s, "ResourceQuota", namespace) {
					r.Violated(namespace, pack.Value{}, "has no ResourceQuota")
				}
			})
		},
	},
	{
		Name: "policy-for-all-pods-opens-dns-only", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "what a policy for all pods opens is open for each pod that comes, whoever makes it",
		Remedy:     "select the pods by their labels, and leave to the policy for all what all need: DNS",
		Reference:  policiesPage,
		Kinds:      []string{"NetworkPolicy"},
		Parameters: map[string]any{"ports": []any{"53"}},
		Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
			if !o.PodSelector().Empty() {
				return
			}
			if port, other := unlisted(rule, r.List("ports")); other {
				r.Violated(o, port, "is open for every pod of the namespace")
			}
		}),
	},
	{
		Name: "policy-names-its-ports", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a rule without ports opens every port that the program ever opens: debuggers and metrics, too",
		Remedy:    "list the ports of each rule one by one",
		Reference: policiesPage,
		Kinds:     []string{"NetworkPolicy"},
		Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
			ports := rule.At("ports")
			if len(ports.Items()) == 0 {
				r.Violated(o, ports, "are all")
			}
			pack.Each(r, o, ports.Items(), func(port pack.Value) {
				if number := port.At("port"); !number.Set() {
					r.Violated(o, number, "is not set, which means all of the protocol")
				}
				if last := port.At("endPort"); last.Set() {
					r.Violated(o, last, "makes it a range")
				}
			})
		}),
	},
	{
		Name: "policy-port-is-a-pods-port", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a port that nobody declares is a slip, or waits for a program that nobody knows",
		Remedy:    "open the ports that the containers of the pods declare",
		Reference: policiesPage,
		// Of what other stacks run.
		Parameters: map[string]any{"foreign": []any{"53"}},
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, policies(s), func(policy pack.Object) {
				pack.Each(r, policy, policy.At("spec", "ingress").Items(), func(rule pack.Value) {
					pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) { declared(s, policy, policy.PodSelector(), port, r) })
				})
				pack.Each(r, policy, policy.At("spec", "egress").Items(), func(rule pack.Value) {
					peers := rule.At("to").Items()
					pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) {
						for _, peer := range peers {
							if !peer.At("namespaceSelector").Set() && !peer.At("ipBlock").Set() {
								declared(s, policy, selector(peer.At("podSelector")), port, r)
							}
						}
					})
				})
				pack.Each(r, policy, policy.At("spec", "egress").Items(), func(rule pack.Value) { foreign(policy, rule, r) })
			})
		},
	},
	{
		Name: "policy-names-its-peers", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a peer of all pods or of all namespaces is also each one that comes tomorrow, whoever makes it",
		Remedy:    "name the pods by their labels, and those of another namespace by its kubernetes.io/metadata.name as well",
		Reference: policiesPage,
		Kinds:     []string{"NetworkPolicy"},
		// Namespaces that the stack's configuration names without labels: all of their
		// pods are meant.
		Parameters: map[string]any{"whole-namespaces": []any{}},
		Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
			for _, side := range []string{"from", "to"} {
				pack.Each(r, o, rule.At(side).Items(), func(peer pack.Value) {
					if peer.At("ipBlock").Set() {
						return
					}
					namespaces := peer.At("namespaceSelector")
					name := namespaces.At("matchLabels", corev1.LabelMetadataName).Text()
					if namespaces.Set() && name == "" {
						r.Violated(o, namespaces, "names no namespace")
					}
					whole := name != "" && slices.Contains(r.List("whole-namespaces"), name)
					if pods := peer.At("podSelector"); selector(pods).Empty() && !whole {
						r.Violated(o, pods, "means every pod")
					}
				})
			}
		}),
	},
	{
		Name: "policy-names-its-types", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "without a type the rules for it do nothing, or the API server adds one that nobody read",
		Remedy:    "list Ingress, Egress or both in policyTypes, each direction that has rules among them",
		Reference: policiesPage,
		Kinds:     []string{"NetworkPolicy"},
		Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
			types := o.At("spec", "policyTypes")
			if len(types.Items()) == 0 {
				r.Violated(o, types, "names none")
				return
			}
			for direction, kind := range map[string]string{"ingress": "Ingress", "egress": "Egress"} {
				if len(o.At("spec", direction).Items()) > 0 && !slices.Contains(types.Texts(), kind) {
					r.Violated(o, types, "lacks %s, for which there are rules", kind)
				}
			}
		}),
	},
	{
		Name: "quota-bounds-every-resource", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "what a quota does not bound, or bounds far beyond the nodes, one pod in the namespace takes from all others",
		Remedy:    "set each of these resources in spec.hard, to no more than platform:quota says",
		Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, Resource policies",
		Kinds:     []string{"ResourceQuota"},
		Parameters: map[string]any{"most": []any{
			"pods", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory", "requests.storage",
		}},
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, r.List("most"), func(one string) {
				name, text, bounded := strings.Cut(one, "=")
				at := o.At("spec", "hard", name)
				if !at.Set() {
					r.Violated(o, at, "is not bounded")
				} else if amount := at.Quantity(); bounded && amount.Cmp(apiresource.MustParse(text)) > 0 {
					r.Violated(o, at, "is %s, more than %s", amount.String(), text)
				}
			})
			for _, key := range []string{"scopes", "scopeSelector"} {
				if at := o.At("spec", key); at.Set() {
					r.Violated(o, at, "leaves out pods")
				}
			}
		},
	},
	{
		Name: "namespace-records-by-the-strictest-level", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "the audit log says nothing of pods that break the restricted standard, and warnings are given only after a pod was refused",
		Remedy:    "set pod-security.kubernetes.io/audit to restricted, warn to at least what enforce is, and the versions to latest",
		Reference: admissionPage,
		Kinds:     []string{"Namespace"},
		Object: func(o pack.Object, r *pack.Report) {
			labels := o.At("metadata", "labels")
			if audit := labels.At(levelLabel + "audit"); !audit.Is("restricted") {
				r.Violated(o, audit, "is not restricted")
			}
			warn, enforce := labels.At(levelLabel+"warn"), labels.At(levelLabel+"enforce")
			if !warn.Is(levels...) || slices.Index(levels, warn.Text()) > slices.Index(levels, enforce.Text()) {
				r.Violated(o, warn, "is less than what is enforced")
			}
			pack.Each(r, o, []string{"enforce", "audit", "warn"}, func(mode string) {
				if version := labels.At(levelLabel + mode + "-version"); !version.Is("", "latest") {
					r.Violated(o, version, "is that of an older cluster")
				}
			})
		},
	},
})

// worldwide reports whether a block of addresses is the Internet, or so much of
// it that it means nobody. What cannot be read means everybody.
func worldwide(cidr string) bool {
	block, err := netip.ParsePrefix(cidr)
	if err != nil {
		return true
	}
	switch {
	case block.Addr().Is4():
		return block.Bits() < widestIPv4
	case block.Addr().IsPrivate():
		return block.Bits() < privateIPv6
	default:
		return block.Bits() < widestIPv6
	}
}

// includes reports whether a peer's block includes an address.
func includes(block pack.Value, address netip.Addr) bool {
	within := func(cidr pack.Value) bool {
		prefix, err := netip.ParsePrefix(cidr.Text())
		return err == nil && prefix.Contains(address)
	}
	return within(block.At("cidr")) && !pack.Some(block.At("except").Items(), within)
}

// everybody reports whether a peer is the Internet, or every pod of the cluster.
func everybody(peer pack.Value) bool {
	if block := peer.At("ipBlock"); block.Set() {
		return worldwide(block.At("cidr").Text())
	}
	namespaces := peer.At("namespaceSelector")
	return namespaces.Set() && selector(namespaces).Empty() && selector(peer.At("podSelector")).Empty()
}

// open is what opens a rule of a policy to everybody: its peers, named by from
// or to, where there are none, or one of them; false where none does.
func open(peers pack.Value) (pack.Value, bool) {
	if len(peers.Items()) == 0 {
		return peers, true
	}
	return pack.First(peers.Items(), everybody)
}

// between reports whether a port is within a range.
func between(port string, from, to int) bool {
	number, err := strconv.Atoi(port)
	return err == nil && from <= number && number <= to
}

// unlisted is the first port of a rule that a list does not have, or the rule's
// ports where it names none and so opens all.
func unlisted(rule pack.Value, listed []string) (pack.Value, bool) {
	ports := rule.At("ports")
	if len(ports.Items()) == 0 {
		return ports, true
	}
	return pack.First(ports.Items(), func(port pack.Value) bool {
		return port.At("endPort").Set() || !slices.Contains(listed, port.At("port").Port())
	})
}

// within is between for a range that is written as text.
func within(port, from, to string) bool {
	first, err := strconv.Atoi(from)
	final, errFinal := strconv.Atoi(to)
	return err == nil && errFinal == nil && between(port, first, final)
}

// ofCalico reports whether the object is one of Calico's, by its API or straight
// in its store.
func ofCalico(o pack.Object) bool {
	return strings.HasPrefix(o.APIVersion, "projectcalico.org/") || strings.HasPrefix(o.APIVersion, "crd.projectcalico.org/")
}

// calicoPolicies are Calico's of these kinds.
func calicoPolicies(s *pack.Stack, kinds ...string) []pack.Object {
	return slices.DeleteFunc(slices.Clone(s.Kinds(kinds...)), func(o pack.Object) bool { return !ofCalico(o) })
}

// early reports whether a policy acts before those that have a default deny:
// what matches none of its rules goes on.
func early(policy pack.Object) bool {
	return policy.At("spec", "preDNAT").True() || policy.At("spec", "doNotTrack").True()
}

// onHosts reports whether a policy is about the nodes' own ports, and not only
// about pods.
func onHosts(policy pack.Object) bool {
	namespaces, selector := policy.At("spec", "namespaceSelector").Text(), policy.At("spec", "selector").Text()
	ofPods := namespaces != "" && namespaces != "global()" || strings.Contains(selector, "projectcalico.org/namespace") ||
		strings.Contains(selector, "projectcalico.org/orchestrator") || strings.Contains(selector, "projectcalico.org/serviceaccount")
	return !ofPods
}

// calicoRestricts is restricts for a policy of Calico's.
func calicoRestricts(policy pack.Object, direction string) bool {
	types := policy.At("spec", "types")
	if !types.Set() {
		ingress, egress := len(policy.At("spec", "ingress").Items()) > 0, len(policy.At("spec", "egress").Items()) > 0
		return direction == "Ingress" && (ingress || !egress) || direction == "Egress" && egress
	}
	return pack.Some(types.Items(), func(one pack.Value) bool { return one.Is(direction) })
}

// hostPolicies are those about what nodes receive, in the order in which they
// act.
func hostPolicies(s *pack.Stack) []pack.Object {
	policies := slices.DeleteFunc(calicoPolicies(s, "GlobalNetworkPolicy"), func(o pack.Object) bool {
		return !onHosts(o) || !calicoRestricts(o, "Ingress")
	})
	slices.SortStableFunc(policies, func(a, b pack.Object) int {
		return cmp.Or(cmp.Compare(stage(a), stage(b)), cmp.Compare(order(a), order(b)))
	})
	return policies
}

func stage(policy pack.Object) int {
	switch {
	case policy.At("spec", "doNotTrack").True():
		return 0
	case policy.At("spec", "preDNAT").True():
		return 1
	}
	return 2
}

func order(policy pack.Object) float64 {
	order := policy.At("spec", "order")
	if !order.Set() {
		return last
	}
	amount := order.Quantity()
	return amount.AsApproximateFloat64()
}

// names reports whether a rule of Calico's is about a TCP port; one that names
// none is about all.
func names(rule pack.Value, port string) bool {
	if protocol := rule.At("protocol").Port(); protocol != "" && !strings.EqualFold(protocol, "TCP") && protocol != "6" {
		return false
	}
	among := func(ports pack.Value) bool {
		return pack.Some(ports.Items(), func(one pack.Value) bool {
			from, to, isRange := strings.Cut(one.Port(), ":")
			return from == port || isRange && within(port, from, to)
		})
	}
	destination := rule.At("destination")
	if among(destination.At("notPorts")) {
		return false
	}
	ports := destination.At("ports")
	return len(ports.Items()) == 0 || among(ports)
}

// shuts is the policy that refuses a port to everybody, and the rule of it
// that does; the policy's own path where that is its default deny.
func shuts(policies []pack.Object, port string) (pack.Object, pack.Value, bool) {
	for _, policy := range policies {
		for _, rule := range policy.At("spec", "ingress").Items() {
			if !names(rule, port) {
				continue
			}
			switch action := rule.At("action").Text(); {
			case action == "Deny" && toEverybody(rule):
				return policy, rule, true
			case action == "Allow" || action == "Pass":
				return pack.Object{}, pack.Value{}, false // to some at least: whom is the operator's choice
			}
		}
	}
	for _, policy := range policies {
		if !early(policy) {
			return policy, policy.At("spec", "ingress"), true
		}
	}
	return pack.Object{}, pack.Value{}, false
}

// toEverybody reports whether a rule is about all who send and all they send to,
// but for ports.
func toEverybody(rule pack.Value) bool {
	for _, side := range []string{"source", "destination"} {
		for _, key := range rule.At(side).Keys() {
			if key != "ports" && key != "notPorts" {
				return false
			}
		}
	}
	return true
}

// tier is a group of policies that is decided before the next one is asked.
func tier(policy pack.Object) string {
	if name := policy.At("spec", "tier").Text(); name != "" {
		return name
	}
	return "default"
}

// mentions reports whether a policy has a rule for a port, and not for all.
func mentions(policy pack.Object, port string) bool {
	return pack.Some(policy.At("spec", "ingress").Items(), func(rule pack.Value) bool {
		return rule.At("destination", "ports").Set() && names(rule, port)
	})
}

// denies checks each namespace of the stack: one of its policies is about all
// pods, those of tomorrow too. What the policy then lets through is for the
// rules on open policies to check.
func denies(direction string) func(s *pack.Stack, r *pack.Report) {
	return func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
			name := namespace.At("metadata", "name").Text()
			if !pack.Some(policies(s), func(policy pack.Object) bool {
				return policy.At("metadata", "namespace").Is(name) && policy.PodSelector().Empty() && restricts(policy, direction)
			}) {
				r.Violated(namespace, pack.Value{}, "has no policy for all its pods that restricts %s", direction)
			}
		})
	}
}

// collection reports whether the object is a component that makes others, such
// as those of a file or a chart.
func collection(o pack.Object) bool { return !o.At("kind").Set() }

// policies are those of Kubernetes: Calico has a kind of the same name.
func policies(s *pack.Stack) []pack.Object {
	var found []pack.Object
	for _, o := range s.Kinds("NetworkPolicy") {
		if ofKubernetes(o) {
			found = append(found, o)
		}
	}
	return found
}

func ofKubernetes(o pack.Object) bool { return strings.HasPrefix(o.APIVersion, "networking.k8s.io/") }

// ofKubernetesOnly leaves Calico's policies to the rules for them.
func ofKubernetesOnly(check func(o pack.Object, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		if ofKubernetes(o) {
			check(o, r)
		}
	}
}

// selector is what one selects; the API server takes an absent one for an empty.
func selector(v pack.Value) labels.Selector {
	if !v.Set() {
		return labels.Everything()
	}
	return v.Selector()
}

// restricts reports whether a policy is about a direction, Ingress or Egress,
// with the API server's default for one that does not say.
func restricts(policy pack.Object, direction string) bool {
	types := policy.At("spec", "policyTypes")
	if !types.Set() {
		return direction == "Ingress" || len(policy.At("spec", "egress").Items()) > 0
	}
	return pack.Some(types.Items(), func(one pack.Value) bool { return one.Is(direction) })
}

// covers reports whether a policy is about pods of this object. It does nothing
// for those on their node's network: their addresses are the node's.
func covers(policy, workload pack.Object) bool {
	return policy.Beside(workload) && !onNodeNetwork(workload) && workload.Runs(policy.PodSelector())
}

func onNodeNetwork(workload pack.Object) bool {
	pod, runs := workload.Pod()
	return runs && pod.Spec.At("hostNetwork").True()
}

// declared checks whether a pod of the policy's namespace, of those that a
// selector means, declares a port.
func declared(s *pack.Stack, policy pack.Object, meant labels.Selector, port pack.Value, r *pack.Report) {
	at := port.At("port")
	if !at.Set() {
		return
	}
	if !pack.Some(s.Kinds(pack.PodKinds...), func(o pack.Object) bool {
		pod, _ := o.Pod()
		if !policy.Beside(o) || !o.Runs(meant) {
			return false
		}
		_, found := pod.Port(at.Port(), port.Protocol())
		return found
	}) {
		r.Violated(policy, at, "is %s/%s, which no pod there declares", at.Port(), port.Protocol())
	}
}

// foreign checks the ports of peers that another stack runs. What may be reached
// outside of the cluster, reachability-is-as-stated checks by its address, too.
func foreign(policy pack.Object, rule pack.Value, r *pack.Report) {
	if !pack.Some(rule.At("to").Items(), func(peer pack.Value) bool { return peer.At("namespaceSelector").Set() }) {
		return
	}
	pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) {
		if at := port.At("port"); at.Set() && !slices.Contains(r.List("foreign"), at.Port()) {
			r.Violated(policy, at, "is %s, which is not listed for what others run", at.Port())
		}
	})
}

// eachRule checks each rule of a policy of Kubernetes, whichever way it is for.
func eachRule(check func(o pack.Object, rule pack.Value, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		for _, direction := range []string{"ingress", "egress"} {
			pack.Each(r, o, o.At("spec", direction).Items(), func(rule pack.Value) { check(o, rule, r) })
		}
	})
}

func has(s *pack.Stack, kind string, namespace pack.Object) bool {
	name := namespace.At("metadata", "name").Text()
	return pack.Some(s.Kinds(kind), func(o pack.Object) bool { return o.At("metadata", "namespace").Is(name) })
}
