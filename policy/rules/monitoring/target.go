// Package monitoring holds the rules about what Prometheus scrapes, and what
// it wakes people up for.
package monitoring

import (
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

// operator is the reference of the Prometheus operator's API.
const operator = "https://prometheus-operator.dev/docs/developer/getting-started/"

// monitors are the kinds that say what is scraped.
var monitors = []string{"PodMonitor", "ServiceMonitor"}

// serving are the kinds whose pods run until they are told to stop.
var serving = []string{"DaemonSet", "Deployment", "Pod", "ReplicaSet", "StatefulSet"}

// endpoints are those of a monitor.
func endpoints(monitor pack.Object) pack.Value {
	if monitor.Kind == "PodMonitor" {
		return monitor.At("spec", "podMetricsEndpoints")
	}
	return monitor.At("spec", "endpoints")
}

// looksAt tells whether a monitor selects an object of these labels, in its own
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

// scrapes tells whether an endpoint of a monitor leads to a port of a workload's
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
