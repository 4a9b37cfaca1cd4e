// Package monitoring holds the rules about what Prometheus scrapes, and what
// it wakes people up for.
package monitoring

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

// practices is what Prometheus' authors advise on alerts.
const practices = "https://prometheus.io/docs/practices/alerting/"

// operator is the reference of the Prometheus operator's API.
const operator = "https://prometheus-operator.dev/docs/developer/getting-started/"

// monitors are the kinds that say what is scraped.
var monitors = []string{"PodMonitor", "ServiceMonitor"}

// serving are the kinds whose pods run until they are told to stop.
var serving = []string{"DaemonSet", "Deployment", "Pod", "ReplicaSet", "StatefulSet"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Monitoring, []pack.Rule{
	{
		Name: "monitor-finds-its-port", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a monitor that finds no pod, or no port of it, scrapes nothing, and no alert on these metrics ever fires",
		Remedy:    "select the labels of the pods or of their Service, and name one of their ports",
		Reference: operator,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(monitors...), func(monitor pack.Object) {
				list := endpoints(monitor)
				if len(list.Items()) == 0 {
					r.Violated(monitor, list, "is empty")
				}
				pack.Each(r, monitor, list.Items(), func(endpoint pack.Value) {
					if !pack.Some(s.Kinds(serving...), func(o pack.Object) bool {
						_, scraped := scrapes(s, monitor, endpoint, o)
						return scraped
					}) {
						r.Violated(monitor, endpoint, "leads to no port of any pod")
					}
				})
			})
		},
	},
	{
		Name: "metrics-port-is-scraped", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:     "metrics that nobody collects are missing on the day that they are looked for",
		Remedy:     "add a PodMonitor or ServiceMonitor for the port",
		Reference:  operator,
		Parameters: map[string]any{"names": []any{"metrics", "http-metrics", "prometheus"}},
		Stack: func(s *pack.Stack, r *pack.Report) {
			names := r.List("names")
			if len(s.Kinds(monitors...)) == 0 {
				return // monitoring is off, as where the operator's kinds are not there
			}
			pack.Each(r, nil, s.Kinds(serving...), func(o pack.Object) {
				pod, _ := o.Pod()
				pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
					pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
						if name := port.At("name"); slices.Contains(names, name.Text()) && !annotated(pod) && !scraped(s, o, port) {
							r.Violated(c, name, "is %s, which no monitor scrapes", name.Text())
						}
					})
				})
			})
		},
	},
	{
		Name: "alert-says-what-to-do", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:     "whoever is woken up by a bare name loses the first minutes on finding out what it means",
		Remedy:     "give the alert the annotations summary and runbook_url",
		Reference:  practices,
		Parameters: map[string]any{"annotations": []any{"summary", "runbook_url"}},
		Kinds:      []string{"PrometheusRule"},
		Object: func(o pack.Object, r *pack.Report) {
			alerts(o, r, func(alert pack.Value) {
				pack.Each(r, o, r.List("annotations"), func(key string) {
					if at := alert.At("annotations", key); strings.TrimSpace(at.Text()) == "" {
						r.Violated(o, at, "is missing from alert %s", alert.At("alert").Text())
					}
				})
			})
		},
	},
	{
		Name: "alert-has-a-severity", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "Alertmanager routes by severity: an alert without one, or with a misspelt one, reaches nobody or everybody",
		Remedy:     "set labels.severity to critical or warning",
		Reference:  "the platform's description: Alerting",
		Parameters: map[string]any{"severities": []any{"critical", "warning"}},
		Kinds:      []string{"PrometheusRule"},
		Object: func(o pack.Object, r *pack.Report) {
			severities := r.List("severities")
			alerts(o, r, func(alert pack.Value) {
				if at := alert.At("labels", "severity"); !slices.Contains(severities, at.Text()) {
					r.Violated(o, at, "is %q in alert %s, none of %s", at.Text(), alert.At("alert").Text(), strings.Join(severities, ", "))
				}
			})
		},
	},
	{
		Name: "alert-waits-before-it-fires", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "a single bad sample, as every rollout gives, wakes somebody up, and alerts are soon ignored",
		Remedy:    "set for to how long it has to be so, such as 5m",
		Reference: practices,
		Kinds:     []string{"PrometheusRule"},
		Object: func(o pack.Object, r *pack.Report) {
			alerts(o, r, func(alert pack.Value) {
				at := alert.At("for")
				if duration := at.Text(); strings.Trim(duration, "0smhdwy") == "" {
					r.Violated(o, at, "is %q in alert %s", duration, alert.At("alert").Text())
				}
			})
		},
	},
	{
		Name: "monitor-looks-at-its-own-namespace", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a monitor of all namespaces has Prometheus ask the pods of others, with whatever login it has",
		Remedy:    "leave out namespaceSelector, or name the namespaces",
		Reference: operator,
		Kinds:     monitors,
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "namespaceSelector", "any"); at.True() {
				r.Violated(o, at, "looks everywhere")
			}
		},
	},
	{
		Name: "what-is-scraped-has-alerts", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:    "metrics wake nobody up by themselves",
		Remedy:    "add a PrometheusRule to the namespace",
		Reference: operator,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(monitors...), func(monitor pack.Object) {
				if !pack.Some(s.Kinds("PrometheusRule"), func(rule pack.Object) bool { return rule.Beside(monitor) }) {
					r.Violated(monitor, pack.Value{}, "has no PrometheusRule beside it")
				}
			})
		},
	},
	{
		Name: "who-lets-prometheus-in-is-scraped", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:     "a way in that nobody uses is one that nobody looks at, and metrics that nobody collects are missing on the day that they are looked for",
		Remedy:     "add a PodMonitor or ServiceMonitor for the port, or take the rule out of the policy",
		Reference:  operator,
		Parameters: map[string]any{"namespace": "", "labels": []any{}, "networks": []any{}}, // of Prometheus' pods
		Stack: func(s *pack.Stack, r *pack.Report) {
			client := newClient(s, r)
			pack.Each(r, nil, s.Kinds("NetworkPolicy"), func(policy pack.Object) {
				pack.Each(r, policy, policy.At("spec", "ingress").Items(), func(rule pack.Value) {
					if !client.named(policy, rule) {
						return
					}
					if !pack.Some(s.Kinds(serving...), func(o pack.Object) bool {
						pod, _ := o.Pod()
						return guards(policy, o) && pack.Some(pod.Containers(), func(c pack.Container) bool {
							return pack.Some(c.At("ports").Items(), func(port pack.Value) bool { return opens(rule, port) && scraped(s, o, port) })
						})
					}) {
						r.Violated(policy, rule, "lets Prometheus in to what no monitor scrapes")
					}
				})
			})
		},
	},
})

// alerts are the alert rules of a PrometheusRule. Its other rules record
// series, and wake nobody up.
func alerts(o pack.Object, r *pack.Report, check func(alert pack.Value)) {
	pack.Each(r, o, o.At("spec", "groups").Items(), func(group pack.Value) {
		pack.Each(r, o, group.At("rules").Items(), func(rule pack.Value) {
			if rule.At("alert").Text() != "" {
				check(rule)
			}
		})
	})
}

// client is who opens connections, as network policies know it.
type client struct {
	namespace string
	labels    labels.Set // of its pods
	around    labels.Set // of its namespace
	networks  []netip.Prefix
}

// newClient is Prometheus, as the rule's parameters have it. It panics for a
// parameter that is not one.
func newClient(s *pack.Stack, r *pack.Report) client {
	c := client{namespace: pack.Parameter[string](r, "namespace"), labels: labels.Set{}, around: labels.Set{}}
	for _, label := range r.List("labels") {
		key, value, _ := strings.Cut(label, "=")
		c.labels[key] = value
	}
	for _, network := range r.List("networks") {
		c.networks = append(c.networks, netip.MustParsePrefix(network))
	}
	if own, found := s.Find("Namespace", "", c.namespace); found {
		pack.Each(r, own, []pack.Object{own}, func(own pack.Object) { c.around = own.Labels() })
	}
	c.around["kubernetes.io/metadata.name"] = c.namespace // the API server's own label
	return c
}

// isFrom reports whether a rule of a policy is for the client: one that names
// nobody is for everybody.
func (c client) isFrom(policy pack.Object, rule pack.Value) bool {
	peers := rule.At("from").Items()
	return len(peers) == 0 || pack.Some(peers, func(peer pack.Value) bool {
		if block := peer.At("ipBlock"); block.Set() {
			return c.isWithin(block)
		}
		namespaces := peer.At("namespaceSelector")
		if !namespaces.Set() {
			if policy.At("metadata", "namespace").Text() != c.namespace {
				return false
			}
		} else if !namespaces.Selector().Matches(c.around) {
			return false
		}
		return selectorOrAll(peer.At("podSelector")).Matches(c.labels)
	})
}

// isWithin reports whether a block has every address that the client may have.
func (c client) isWithin(block pack.Value) bool {
	allowed, err := netip.ParsePrefix(block.At("cidr").Text())
	if err != nil || len(c.networks) == 0 {
		return false
	}
	for _, network := range c.networks {
		if !allowed.Contains(network.Addr()) || allowed.Bits() > network.Bits() {
			return false
		}
		for _, text := range block.At("except").Texts() {
			if except, err := netip.ParsePrefix(text); err != nil || except.Overlaps(network) {
				return false
			}
		}
	}
	return true
}

// selectorOrAll is a selector of pods in a policy, which means all where it is
// absent.
func selectorOrAll(at pack.Value) labels.Selector {
	if !at.Set() {
		return labels.Everything()
	}
	return at.Selector()
}

// named reports whether a rule of a policy is for the client by its labels.
func (c client) named(policy pack.Object, rule pack.Value) bool {
	return len(rule.At("from").Items()) > 0 && c.isFrom(policy, rule) && pack.Some(rule.At("from").Items(), func(peer pack.Value) bool {
		return !selectorOrAll(peer.At("podSelector")).Empty()
	})
}

// annotated reports whether the pod asks a Prometheus without an operator.
func annotated(pod pack.Pod) bool {
	return pod.Metadata.At("annotations", "prometheus.io/scrape").Is("true")
}

// scraped reports whether any monitor leads to a port of a workload's pods.
func scraped(s *pack.Stack, o pack.Object, port pack.Value) bool {
	return pack.Some(s.Kinds(monitors...), func(monitor pack.Object) bool {
		return pack.Some(endpoints(monitor).Items(), func(endpoint pack.Value) bool {
			found, _ := scrapes(s, monitor, endpoint, o)
			return found.Path() == port.Path()
		})
	})
}

// guards reports whether a policy says who may reach the pods of a workload.
func guards(policy, o pack.Object) bool {
	kinds := policy.At("spec", "policyTypes").Texts()
	return policy.Beside(o) && (len(kinds) == 0 || slices.Contains(kinds, "Ingress")) &&
		o.Runs(selectorOrAll(policy.At("spec", "podSelector")))
}

// opens reports whether a rule of a policy is for a container port.
func opens(rule, port pack.Value) bool {
	ports := rule.At("ports").Items()
	number := port.At("containerPort").Int()
	return len(ports) == 0 || pack.Some(ports, func(one pack.Value) bool {
		if one.Protocol() != port.Protocol() {
			return false
		}
		at, last := one.At("port"), one.At("endPort")
		switch {
		case !at.Set():
			return true
		case last.Set():
			return at.Int() <= number && number <= last.Int()
		default:
			return at.Port() == port.At("containerPort").Port() || at.Port() == port.At("name").Text()
		}
	})
}

// endpoints are those of a monitor.
func endpoints(monitor pack.Object) pack.Value {
	if monitor.Kind == "PodMonitor" {
		return monitor.At("spec", "podMetricsEndpoints")
	}
	return monitor.At("spec", "endpoints")
}

// looksAt reports whether a monitor selects an object of these labels, in its own
// namespace unless it names others.
func looksAt(monitor, o pack.Object, own map[string]string) bool {
	where := monitor.At("spec", "namespaceSelector")
	if !where.At("any").True() {
		names := where.At("matchNames").Texts()
		if len(names) == 0 {
			names = []string{monitor.At("metadata", "namespace").Text()}
		}
		namespace := o.At("metadata", "namespace").Text()
		if !pack.Some(names, func(name string) bool { return name == namespace }) {
			return false
		}
	}
	return monitor.At("spec", "selector").Selector().Matches(labels.Set(own))
}

// scrapes reports whether an endpoint of a monitor leads to a port of a workload's
// pods, and to which.
func scrapes(s *pack.Stack, monitor pack.Object, endpoint pack.Value, o pack.Object) (pack.Value, bool) {
	pod, _ := o.Pod()
	if monitor.Kind == "PodMonitor" {
		if !looksAt(monitor, o, pod.Labels()) {
			return pack.Value{}, false
		}
		return pod.Port(portOf(endpoint, "port", "portNumber", "targetPort").Port(), "TCP")
	}
	var port pack.Value
	_, found := pack.First(s.Kinds("Service"), func(service pack.Object) bool {
		if !looksAt(monitor, service, service.Labels()) || !service.Leads(o) {
			return false
		}
		target := portOf(endpoint, "targetPort")
		if name := endpoint.At("port").Text(); name != "" {
			through, _ := pack.First(service.At("spec", "ports").Items(), func(p pack.Value) bool { return p.At("name").Is(name) })
			target = portOf(through, "targetPort", "port")
		}
		var declared bool
		port, declared = pod.Port(target.Port(), "TCP")
		return declared
	})
	return port, found
}

// portOf is the first of these keys that is set.
func portOf(at pack.Value, keys ...string) pack.Value {
	for _, key := range keys {
		if port := at.At(key); port.Set() {
			return port
		}
	}
	return at.At(keys[0])
}
