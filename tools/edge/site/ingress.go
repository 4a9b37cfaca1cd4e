package site

import (
	"net/http"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// The annotations that are read of an Ingress.
const (
	classKey    = "kubernetes.io/ingress.class" // of before ingressClassName
	bodySizeKey = "nginx.ingress.kubernetes.io/proxy-body-size"
	redirectKey = "nginx.ingress.kubernetes.io/ssl-redirect"
)

// Serves reports whether an Ingress is of the class that is served here.
func (c Classes) Serves(ingress *networkingv1.Ingress) bool {
	if name := ingress.Spec.IngressClassName; name != nil {
		return c.Ingress != "" && *name == c.Ingress
	}
	return c.Ingress != "" && ingress.Annotations[classKey] == c.Ingress
}

// addIngress serves the rules of an Ingress. A host with TLS sends plain
// requests to HTTPS, unless told otherwise.
func (b *builder) addIngress(ingress *networkingv1.Ingress) {
	if !b.classes.Serves(ingress) {
		return
	}
	size := ingress.Annotations[bodySizeKey]
	if size != "" && !sizeForm.MatchString(size) {
		b.problem(ingress, "annotation %s: %q is no size; write 8m, or 0 for any", bodySizeKey, size)
		size = ""
	}
	fallback := b.ingressUpstream(ingress, ingress.Spec.DefaultBackend)
	if fallback != "" && len(ingress.Spec.Rules) == 0 {
		b.addIngressPath(ingress, "", Path{Path: "/", Upstream: fallback, BodySize: size})
	}
	for _, rule := range ingress.Spec.Rules {
		if err := checkHost(rule.Host); err != nil {
			b.problem(ingress, "%s", err)
			continue
		}
		if rule.HTTP != nil {
			for _, one := range rule.HTTP.Paths {
				exact := one.PathType != nil && *one.PathType == networkingv1.PathTypeExact
				path, err := cleanPath(one.Path, exact)
				if err != nil {
					b.problem(ingress, "%s", err)
					continue
				}
				if upstream := b.ingressUpstream(ingress, &one.Backend); upstream != "" {
					b.addIngressPath(ingress, rule.Host, Path{Path: path, Exact: exact, Upstream: upstream, BodySize: size})
				}
			}
		}
		if root := (pathKey{"/", false}); fallback != "" && b.server(rule.Host, false, "").paths[root].Source == "" {
			b.addIngressPath(ingress, rule.Host, Path{Path: "/", Upstream: fallback, BodySize: size})
		}
	}
}

// addIngressPath serves a path on both ports.
func (b *builder) addIngressPath(ingress *networkingv1.Ingress, host string, path Path) {
	secret, secured := tlsOf(ingress, host)
	certificate := ""
	if secret != "" && b.server(host, true, "").certificate == "" {
		certificate = b.secret(ingress, ingress.Namespace, secret)
	}
	b.add(b.server(host, true, certificate), ingress, path)
	if secured && ingress.Annotations[redirectKey] != "false" {
		path.Upstream, path.BodySize = "", ""
		path.Redirect = &Redirect{Scheme: "https", Status: http.StatusPermanentRedirect}
	}
	b.add(b.server(host, false, ""), ingress, path)
}

func (b *builder) ingressUpstream(ingress *networkingv1.Ingress, to *networkingv1.IngressBackend) string {
	if to == nil {
		return ""
	}
	if to.Service == nil {
		b.problem(ingress, "backend: is no Service, and nothing else is served here")
		return ""
	}
	port := intstr.FromInt32(to.Service.Port.Number)
	if to.Service.Port.Name != "" {
		port = intstr.FromString(to.Service.Port.Name)
	}
	return b.upstream(ingress, backend{namespace: ingress.Namespace, service: to.Service.Name, port: port, weight: 1})
}

// tlsOf reports whether a host has TLS, and by which Secret, if one is named.
func tlsOf(ingress *networkingv1.Ingress, host string) (string, bool) {
	for _, one := range ingress.Spec.TLS {
		if len(one.Hosts) == 0 || slices.ContainsFunc(one.Hosts, func(name string) bool { return covers(name, host) }) {
			return one.SecretName, true
		}
	}
	return "", false
}

// covers reports whether a name that may be a wildcard, which stands for one
// label, holds for a host.
func covers(name, host string) bool {
	if name == host {
		return true
	}
	domain, wild := strings.CutPrefix(name, "*")
	label, found := strings.CutSuffix(host, domain)
	return wild && found && label != "" && !strings.Contains(label, ".")
}
