package site

import (
	"net/http"

	routev1 "github.com/openshift/api/route/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// addRoute serves one Route of OpenShift, whose TLS ends here or that has none.
func (b *builder) addRoute(route *routev1.Route) {
	spec := route.Spec
	path, err := cleanPath(spec.Path, false)
	if err == nil {
		err = checkHost(spec.Host)
	}
	switch {
	case err != nil:
		b.problem(route, "%s", err)
		return
	case spec.Host == "":
		b.problem(route, "host: is missing, and none is made up here")
		return
	case spec.TLS != nil && spec.TLS.Termination != routev1.TLSTerminationEdge:
		b.problem(route, "tls.termination: %s is not served here; use edge", spec.TLS.Termination)
		return
	}
	served := Path{Path: path, Upstream: b.upstream(route, routeBackends(route)...)}
	if spec.TLS == nil {
		b.add(b.server(spec.Host, false, ""), route, served)
		return
	}
	b.add(b.server(spec.Host, true, b.routeCertificate(route)), route, served)
	switch spec.TLS.InsecureEdgeTerminationPolicy {
	case routev1.InsecureEdgeTerminationPolicyAllow:
		b.add(b.server(spec.Host, false, ""), route, served)
	case routev1.InsecureEdgeTerminationPolicyRedirect:
		b.add(b.server(spec.Host, false, ""), route,
			Path{Path: path, Redirect: &Redirect{Scheme: "https", Status: http.StatusFound}})
	case routev1.InsecureEdgeTerminationPolicyNone:
	}
}

func (b *builder) routeCertificate(route *routev1.Route) string {
	tls := route.Spec.TLS
	switch {
	case tls.ExternalCertificate != nil && tls.ExternalCertificate.Name != "":
		return b.secret(route, route.Namespace, tls.ExternalCertificate.Name)
	case tls.Certificate != "":
		id, err := b.certificate([]byte(tls.Certificate+"\n"+tls.CACertificate), []byte(tls.Key))
		if err != nil {
			b.missing(route, "tls.certificate: %s", err)
		}
		return id
	default:
		return ""
	}
}

func routeBackends(route *routev1.Route) []backend {
	port := intstr.IntOrString{}
	if route.Spec.Port != nil {
		port = route.Spec.Port.TargetPort
	}
	var list []backend
	for _, to := range append([]routev1.RouteTargetReference{route.Spec.To}, route.Spec.AlternateBackends...) {
		weight := 100
		if to.Weight != nil {
			weight = int(*to.Weight)
		}
		list = append(list, backend{namespace: route.Namespace, service: to.Name, port: port, target: true, weight: weight})
	}
	return list
}
