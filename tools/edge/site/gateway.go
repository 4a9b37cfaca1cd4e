package site

import (
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// listener is a place where a Gateway takes requests.
type listener struct {
	gateway     *gatewayv1.Gateway
	spec        gatewayv1.Listener
	host        string // empty means any
	tls         bool
	certificate string
}

// addGateways serves the HTTPRoutes that hang on the Gateways of the class.
func (b *builder) addGateways(gateways []*gatewayv1.Gateway, routes []*gatewayv1.HTTPRoute) {
	var listeners []listener
	for _, gateway := range gateways {
		if b.classes.Gateway == "" || string(gateway.Spec.GatewayClassName) != b.classes.Gateway {
			continue
		}
		for _, spec := range gateway.Spec.Listeners {
			one, err := b.listener(gateway, spec)
			if err != nil {
				b.problem(gateway, "listener %q: %s", spec.Name, err)
				continue
			}
			listeners = append(listeners, one)
		}
	}
	for _, route := range routes {
		for _, one := range listeners {
			if slices.ContainsFunc(route.Spec.ParentRefs, func(ref gatewayv1.ParentReference) bool { return one.takes(route, ref) }) {
				b.addHTTPRoute(one, route)
			}
		}
	}
}

// listener checks a listener and finds its certificate.
func (b *builder) listener(gateway *gatewayv1.Gateway, spec gatewayv1.Listener) (listener, error) {
	one := listener{gateway: gateway, spec: spec}
	if spec.Hostname != nil {
		one.host = string(*spec.Hostname)
	}
	if err := checkHost(one.host); err != nil {
		return one, err
	}
	switch spec.Protocol {
	case gatewayv1.HTTPProtocolType:
		return one, nil
	case gatewayv1.HTTPSProtocolType:
	default:
		return one, fmt.Errorf("protocol %s is not served here; use HTTP or HTTPS", spec.Protocol)
	}
	one.tls = true
	if spec.TLS == nil || len(spec.TLS.CertificateRefs) == 0 {
		return one, errors.New("tls.certificateRefs: there is none")
	}
	if spec.TLS.Mode != nil && *spec.TLS.Mode != gatewayv1.TLSModeTerminate {
		return one, fmt.Errorf("tls.mode: %s is not served here; use %s", *spec.TLS.Mode, gatewayv1.TLSModeTerminate)
	}
	ref := spec.TLS.CertificateRefs[0]
	if ref.Namespace != nil && string(*ref.Namespace) != gateway.Namespace {
		return one, fmt.Errorf("tls.certificateRefs: %s is in another namespace, which is not served here", ref.Name)
	}
	one.certificate = b.secret(gateway, gateway.Namespace, string(ref.Name))
	return one, nil
}

// takes reports whether a reference of a route leads to the listener, and the
// listener lets it in.
func (l listener) takes(route *gatewayv1.HTTPRoute, ref gatewayv1.ParentReference) bool {
	from := gatewayv1.NamespacesFromSame
	if allowed := l.spec.AllowedRoutes; allowed != nil && allowed.Namespaces != nil && allowed.Namespaces.From != nil {
		from = *allowed.Namespaces.From
	}
	return Refers(ref, route, l.gateway) &&
		(ref.SectionName == nil || *ref.SectionName == l.spec.Name) && (ref.Port == nil || *ref.Port == l.spec.Port) &&
		(from == gatewayv1.NamespacesFromAll || from == gatewayv1.NamespacesFromSame && route.Namespace == l.gateway.Namespace)
}

// Refers reports whether a reference of a route names the Gateway.
func Refers(ref gatewayv1.ParentReference, route *gatewayv1.HTTPRoute, gateway *gatewayv1.Gateway) bool {
	namespace := route.Namespace
	if ref.Namespace != nil {
		namespace = string(*ref.Namespace)
	}
	return (ref.Kind == nil || *ref.Kind == "Gateway") && string(ref.Name) == gateway.Name && namespace == gateway.Namespace
}

// hosts are the names that a route serves at a listener.
func (l listener) hosts(route *gatewayv1.HTTPRoute) []string {
	if len(route.Spec.Hostnames) == 0 {
		return []string{l.host}
	}
	var list []string
	for _, name := range route.Spec.Hostnames {
		switch host := string(name); {
		case l.host == "" || covers(l.host, host):
			list = append(list, host)
		case covers(host, l.host):
			list = append(list, l.host)
		}
	}
	return list
}

func (b *builder) addHTTPRoute(at listener, route *gatewayv1.HTTPRoute) {
	hosts := at.hosts(route)
	if len(hosts) == 0 {
		b.problem(route, "hostnames: none is that of the listener %q", at.spec.Name)
	}
	for i, rule := range route.Spec.Rules {
		paths, err := b.rulePaths(route, rule)
		if err != nil {
			b.problem(route, "rules[%d]: %s", i, err)
			continue
		}
		for _, host := range hosts {
			if err := checkHost(host); err != nil {
				b.problem(route, "%s", err)
				continue
			}
			server := b.server(host, at.tls, at.certificate)
			for _, path := range paths {
				b.add(server, route, path)
			}
		}
	}
}

// rulePaths are the paths of a rule with what is to happen to them. A rule that
// asks for more than is served here is not served at all, rather than wrongly.
func (b *builder) rulePaths(route *gatewayv1.HTTPRoute, rule gatewayv1.HTTPRouteRule) ([]Path, error) {
	var paths []Path
	for _, match := range rule.Matches {
		if len(match.Headers)+len(match.QueryParams) > 0 || match.Method != nil {
			return nil, errors.New("matches: only paths are served here")
		}
		path := Path{Path: "/"}
		if match.Path != nil {
			kind, value := gatewayv1.PathMatchPathPrefix, ""
			if match.Path.Type != nil {
				kind = *match.Path.Type
			}
			if match.Path.Value != nil {
				value = *match.Path.Value
			}
			if kind == gatewayv1.PathMatchRegularExpression {
				return nil, fmt.Errorf("matches: a path of type %s is not served here", kind)
			}
			path.Exact = kind == gatewayv1.PathMatchExact
			var err error
			if path.Path, err = cleanPath(value, path.Exact); err != nil {
				return nil, err
			}
		}
		paths = append(paths, path)
	}
	if len(rule.Matches) == 0 {
		paths = []Path{{Path: "/"}}
	}
	redirect, err := ruleRedirect(rule)
	if err != nil {
		return nil, err
	}
	upstream := ""
	if redirect == nil {
		backends, err := ruleBackends(route, rule)
		if err != nil {
			return nil, err
		}
		upstream = b.upstream(route, backends...)
	}
	for i := range paths {
		paths[i].Redirect, paths[i].Upstream = redirect, upstream
	}
	return paths, nil
}

func ruleRedirect(rule gatewayv1.HTTPRouteRule) (*Redirect, error) {
	var to *Redirect
	for _, filter := range rule.Filters {
		if filter.Type != gatewayv1.HTTPRouteFilterRequestRedirect || filter.RequestRedirect == nil || filter.RequestRedirect.Path != nil {
			return nil, fmt.Errorf("filters: %s is not served here but for redirects that keep the path", filter.Type)
		}
		ask := filter.RequestRedirect
		to = &Redirect{Status: 302}
		if ask.Scheme != nil {
			to.Scheme = *ask.Scheme
		}
		if ask.Hostname != nil {
			to.Host = string(*ask.Hostname)
		}
		if ask.Port != nil {
			to.Port = int(*ask.Port)
		}
		if ask.StatusCode != nil {
			to.Status = *ask.StatusCode
		}
		if err := checkHost(to.Host); err != nil {
			return nil, err
		}
	}
	return to, nil
}

func ruleBackends(route *gatewayv1.HTTPRoute, rule gatewayv1.HTTPRouteRule) ([]backend, error) {
	var list []backend
	for _, ref := range rule.BackendRefs {
		switch {
		case ref.Kind != nil && *ref.Kind != "Service":
			return nil, fmt.Errorf("backendRefs: %s is no Service, and nothing else is served here", ref.Name)
		case ref.Namespace != nil && string(*ref.Namespace) != route.Namespace:
			return nil, fmt.Errorf("backendRefs: %s is in another namespace, which is not served here", ref.Name)
		case ref.Port == nil:
			return nil, fmt.Errorf("backendRefs: %s has no port", ref.Name)
		}
		one := backend{namespace: route.Namespace, service: string(ref.Name), port: intstr.FromInt32(*ref.Port), weight: 1}
		if ref.Weight != nil {
			one.weight = int(*ref.Weight)
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, errors.New("backendRefs: there is none")
	}
	return list, nil
}
