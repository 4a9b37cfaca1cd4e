package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var backendExists = pack.Rule{
	Name: "edge-backend-exists", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "users get an error 503 for a path whose Service, or whose port of it, is not there",
	Remedy:    "name a Service of the namespace and one of its ports",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#resource-backend",
	Stack: func(s *pack.Stack, r *pack.Report) {
		for _, kind := range []string{"HTTPRoute", "Ingress", "Route"} {
			pack.Each(r, nil, s.Kinds(kind), func(o pack.Object) {
				pack.Each(r, o, backends[kind](r, o), func(b backend) { b.judge(s, r, o) })
			})
		}
	},
}

// backend is a Service that requests go to.
type backend struct {
	name      pack.Value
	namespace string
	port      pack.Value // number or name; not set means none
	ofPods    bool       // a number may be that of the pods' port
}

// judge looks for the Service and its port.
func (b backend) judge(s *pack.Stack, r *pack.Report, o pack.Object) {
	name := b.name.Text()
	service, found := pack.First(s.Kinds("Service"), func(service pack.Object) bool {
		return service.Called(name) && inNamespace(service, b.namespace)
	})
	if !found {
		r.Violated(o, b.name, "is %q, a Service that the namespace does not have", name)
		return
	}
	port := b.port.Port()
	if !pack.Some(service.At("spec", "ports").Items(), func(one pack.Value) bool {
		return port != "" && (one.At("port").Port() == port || one.At("name").Text() == port ||
			b.ofPods && one.At("targetPort").Port() == port)
	}) {
		r.Violated(o, b.port, "is %q, a port that %s does not have", port, service)
	}
}

// backends are those of each kind.
var backends = map[string]func(*pack.Report, pack.Object) []backend{
	"Ingress": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		add := func(at pack.Value) {
			if service := at.At("service"); service.Set() {
				port := service.At("port", "number")
				if !port.Set() {
					port = service.At("port", "name")
				}
				all = append(all, backend{service.At("name"), o.At("metadata", "namespace").Text(), port, false})
			}
		}
		add(o.At("spec", "defaultBackend"))
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("http", "paths").Items(), func(path pack.Value) { add(path.At("backend")) })
		})
		return all
	},
	"HTTPRoute": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("backendRefs").Items(), func(ref pack.Value) {
				if ref.At("kind").Is("", "Service") {
					namespace := or(ref.At("namespace").Text(), o.At("metadata", "namespace").Text())
					all = append(all, backend{ref.At("name"), namespace, ref.At("port"), false})
				}
			})
		})
		return all
	},
	"Route": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		to := append([]pack.Value{o.At("spec", "to")}, o.At("spec", "alternateBackends").Items()...)
		pack.Each(r, o, to, func(ref pack.Value) {
			if ref.At("kind").Is("", "Service") {
				all = append(all, backend{ref.At("name"), o.At("metadata", "namespace").Text(), o.At("spec", "port", "targetPort"), true})
			}
		})
		return all
	},
}
