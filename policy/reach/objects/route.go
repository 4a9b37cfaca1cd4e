package objects

import (
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/pack"
	"platform/policy/reach"
)

// routes are the Services that an object of the edge leads to: an Ingress, an
// HTTPRoute of the Gateway API, or a Route of OpenShift. Any other has none.
func routes(group string, o pack.Object) []reach.Route {
	var all []reach.Route
	lead := func(service pack.Value, port pack.Value) {
		all = append(all, reach.Route{Namespace: namespaceOf(o), Service: service.Text(), Port: intstr.Parse(port.Port())})
	}
	spec := o.At("spec")
	switch group + "/" + o.Kind {
	case "networking.k8s.io/Ingress":
		for _, rule := range spec.At("rules").Items() {
			for _, path := range rule.At("http", "paths").Items() {
				service := path.At("backend", "service")
				port := service.At("port", "number")
				if !port.Set() {
					port = service.At("port", "name")
				}
				lead(service.At("name"), port)
			}
		}
	case "gateway.networking.k8s.io/HTTPRoute":
		for _, rule := range spec.At("rules").Items() {
			for _, backend := range rule.At("backendRefs").Items() {
				lead(backend.At("name"), backend.At("port"))
			}
		}
	case "route.openshift.io/Route":
		lead(spec.At("to", "name"), spec.At("port", "targetPort"))
	}
	return all
}
