// Package site tells from the objects of a cluster what its edge has to serve:
// hosts, paths, and the pods behind them.
package site

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	routev1 "github.com/openshift/api/route/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// Site is everything that the edge serves, sorted, so that equal sites are
// written alike.
type Site struct {
	Servers      []Server
	Upstreams    []Upstream
	Certificates []Certificate
}

// Server is one host on one of the two ports.
type Server struct {
	Host        string // such as shop.test or *.shop.test; empty serves hosts that no other names
	TLS         bool
	Certificate string // ID of a [Certificate]; empty means that of the edge itself, which nobody trusts
	Paths       []Path
}

// Path is what happens to requests below a path, or to one path.
type Path struct {
	Path     string    // starts with a slash and, but for the root, ends without
	Exact    bool      // this path only, else whatever lies below as well
	Upstream string    // name of an [Upstream]; empty where Redirect is set
	Redirect *Redirect // the answer in the place of a pod's
	BodySize string    // the largest request, as nginx writes sizes; empty is nginx's default of 1m
	Source   string    // the object that asked for it
}

// Redirect sends the client to another address of the same path.
type Redirect struct {
	Scheme string // empty keeps it
	Host   string // empty keeps it
	Port   int    // 0 is the scheme's own
	Status int
}

// Upstream is the pods behind a path. Without any the edge answers 503.
type Upstream struct {
	Name      string
	Endpoints []Endpoint
}

// Endpoint is one pod.
type Endpoint struct {
	Address string // with port
	Weight  int
}

// Certificate is a TLS certificate with its key, in PEM.
type Certificate struct {
	ID   string // by its content
	Cert []byte
	Key  []byte
}

// Objects are what a site is made of. Kinds that the server does not have are
// empty.
type Objects struct {
	Ingresses  []*networkingv1.Ingress
	Gateways   []*gatewayv1.Gateway
	HTTPRoutes []*gatewayv1.HTTPRoute
	Routes     []*routev1.Route
	Services   []*corev1.Service
	Slices     []*discoveryv1.EndpointSlice
	Secrets    []*corev1.Secret
}

// Classes name what is served here. A Route has none: all are.
type Classes struct {
	Ingress string // of Ingresses; empty serves none
	Gateway string // of Gateways; empty serves none
}

// Object is an object of the cluster of any kind.
type Object interface {
	runtime.Object
	metav1.Object
}

// Error is why an object, or a part of it, is not served as it asks.
type Error struct {
	Object  Object
	Reason  string
	Missing bool // what it names is missing or of no use; it is served all the same
}

// Build makes a site. What cannot be served is left out and reported; a path whose
// Service has no pods is served, with 503.
func Build(classes Classes, objects Objects) (Site, []Error) {
	b := &builder{
		classes: classes, index: indexOf(objects),
		servers: map[serverKey]*draft{}, upstreams: map[string]Upstream{}, certificates: map[string]Certificate{},
	}
	for _, one := range oldestFirst(objects.Ingresses) {
		b.addIngress(one)
	}
	b.addGateways(oldestFirst(objects.Gateways), oldestFirst(objects.HTTPRoutes))
	for _, one := range oldestFirst(objects.Routes) {
		b.addRoute(one)
	}
	return b.site(), b.problems
}

// builder collects a site.
type builder struct {
	classes      Classes
	index        index
	servers      map[serverKey]*draft
	upstreams    map[string]Upstream
	certificates map[string]Certificate
	problems     []Error
}

type serverKey struct {
	host string
	tls  bool
}

type pathKey struct {
	path  string
	exact bool
}

// draft is a server that is being collected.
type draft struct {
	certificate string
	paths       map[pathKey]Path
}

func (b *builder) problem(object Object, format string, args ...any) {
	b.problems = append(b.problems, Error{Object: object, Reason: fmt.Sprintf(format, args...)})
}

// missing notes what an object names in vain.
func (b *builder) missing(object Object, format string, args ...any) {
	b.problems = append(b.problems, Error{Object: object, Reason: fmt.Sprintf(format, args...), Missing: true})
}

// server is the draft of a host, made where it is missing. The first
// certificate that is named for it stays.
func (b *builder) server(host string, tls bool, certificate string) *draft {
	key := serverKey{host, tls}
	if b.servers[key] == nil {
		b.servers[key] = &draft{paths: map[pathKey]Path{}}
	}
	if b.servers[key].certificate == "" {
		b.servers[key].certificate = certificate
	}
	return b.servers[key]
}

// add puts a path into a server. Of two objects that want the same path, the
// older has it.
func (b *builder) add(to *draft, object Object, path Path) {
	path.Source = nameOf(object)
	key := pathKey{path.Path, path.Exact}
	if old, taken := to.paths[key]; taken && old.Source != path.Source {
		b.problem(object, "path %s: is served for %s already", path.Path, old.Source)
	} else if !taken {
		to.paths[key] = path
	}
}

// site is what was collected, sorted.
func (b *builder) site() Site {
	var s Site
	for key, one := range b.servers {
		server := Server{Host: key.host, TLS: key.tls, Certificate: one.certificate, Paths: slices.Collect(maps.Values(one.paths))}
		slices.SortFunc(server.Paths, comparePaths)
		s.Servers = append(s.Servers, server)
	}
	slices.SortFunc(s.Servers, func(a, b Server) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), boolCompare(a.TLS, b.TLS))
	})
	for _, name := range slices.Sorted(maps.Keys(b.upstreams)) {
		s.Upstreams = append(s.Upstreams, b.upstreams[name])
	}
	for _, id := range slices.Sorted(maps.Keys(b.certificates)) {
		s.Certificates = append(s.Certificates, b.certificates[id])
	}
	return s
}

// comparePaths puts the longest first, and of equals the exact one.
func comparePaths(a, b Path) int {
	return cmp.Or(cmp.Compare(len(b.Path), len(a.Path)), cmp.Compare(a.Path, b.Path), boolCompare(b.Exact, a.Exact))
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// oldestFirst sorts a copy, so that an object that comes later takes nothing
// away from one that is served.
func oldestFirst[T metav1.Object](objects []T) []T {
	return slices.SortedFunc(slices.Values(objects), func(a, b T) int {
		return cmp.Or(a.GetCreationTimestamp().Compare(b.GetCreationTimestamp().Time),
			cmp.Compare(a.GetNamespace(), b.GetNamespace()), cmp.Compare(a.GetName(), b.GetName()))
	})
}

// nameOf names an object in the configuration and in messages.
func nameOf(object Object) string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", object), "*v1.")
	return fmt.Sprintf("%s %s/%s", kind, object.GetNamespace(), object.GetName())
}
