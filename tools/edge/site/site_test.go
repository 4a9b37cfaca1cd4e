package site

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	routev1 "github.com/openshift/api/route/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

var classes = Classes{Ingress: "nginx", Gateway: "shared"}

func to[T any](value T) *T { return &value }

func meta(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }

// service is a Service with two ready pods.
func service(objects *Objects, name string, pods ...discoveryv1.Endpoint) {
	if pods == nil {
		pods = []discoveryv1.Endpoint{{Addresses: []string{"10.0.0.1"}}, {Addresses: []string{"10.0.0.2"}}}
	}
	objects.Services = append(objects.Services, &corev1.Service{ObjectMeta: meta(name), Spec: corev1.ServiceSpec{
		Ports: []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}},
	}})
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: meta(name + "-1"), AddressType: discoveryv1.AddressTypeIPv4, Endpoints: pods,
		Ports: []discoveryv1.EndpointPort{{Name: to("http"), Port: to(int32(8080))}},
	}
	slice.Labels = map[string]string{discoveryv1.LabelServiceName: name}
	objects.Slices = append(objects.Slices, slice)
}

func secret(t *testing.T, name string) *corev1.Secret {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"shop.test"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	return &corev1.Secret{ObjectMeta: meta(name), Type: corev1.SecretTypeTLS, Data: map[string][]byte{
		"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		"tls.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
	}}
}

func toService(name string, port int32) networkingv1.IngressBackend {
	return networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: name, Port: networkingv1.ServiceBackendPort{Number: port}}}
}

func ingress() *networkingv1.Ingress {
	return &networkingv1.Ingress{ObjectMeta: meta("edge"), Spec: networkingv1.IngressSpec{
		IngressClassName: to("nginx"),
		Rules: []networkingv1.IngressRule{{Host: "shop.test", IngressRuleValue: networkingv1.IngressRuleValue{
			HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{
				{Path: "/", PathType: to(networkingv1.PathTypePrefix), Backend: toService("web", 80)},
				{Path: "/api/", PathType: to(networkingv1.PathTypePrefix), Backend: toService("api", 80)},
			}},
		}}},
	}}
}

// drawn is a site in few lines: one a path, and one an upstream.
func drawn(s Site) string {
	var lines []string
	for _, server := range s.Servers {
		scheme := "http"
		if server.TLS {
			scheme = "https"
		}
		if server.Certificate != "" {
			scheme += "+certificate"
		}
		for _, path := range server.Paths {
			kind, does := "*", path.Upstream
			if path.Exact {
				kind = ""
			}
			if path.Redirect != nil {
				does = fmt.Sprintf("%d %s", path.Redirect.Status, path.Redirect.Scheme)
			}
			if path.BodySize != "" {
				does += " " + path.BodySize
			}
			lines = append(lines, fmt.Sprintf("%s://%s%s%s -> %s", scheme, server.Host, path.Path, kind, does))
		}
	}
	for _, one := range s.Upstreams {
		lines = append(lines, fmt.Sprintf("%s = %v", one.Name, one.Endpoints))
	}
	return strings.Join(lines, "\n")
}

const plain = `http://shop.test/api* -> shop_api_80
http://shop.test/* -> shop_web_80
https://shop.test/api* -> shop_api_80
https://shop.test/* -> shop_web_80
shop_api_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]
shop_web_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]`

const secured = `http://shop.test/api* -> 308 https
http://shop.test/* -> 308 https
https+certificate://shop.test/api* -> shop_api_80
https+certificate://shop.test/* -> shop_web_80
shop_api_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]
shop_web_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]`

func TestIngress(t *testing.T) {
	secure := func(i *networkingv1.Ingress) {
		i.Spec.TLS = []networkingv1.IngressTLS{{Hosts: []string{"shop.test"}, SecretName: "shop-tls"}}
	}
	for name, tc := range map[string]struct {
		mutate   func(*networkingv1.Ingress, *Objects)
		want     string
		problems []string
	}{
		"plain":         {func(*networkingv1.Ingress, *Objects) {}, plain, nil},
		"TLS":           {func(i *networkingv1.Ingress, _ *Objects) { secure(i) }, secured, nil},
		"another class": {func(i *networkingv1.Ingress, _ *Objects) { i.Spec.IngressClassName = to("other") }, "", nil},
		"no class":      {func(i *networkingv1.Ingress, _ *Objects) { i.Spec.IngressClassName = nil }, "", nil},
		"old class": {func(i *networkingv1.Ingress, _ *Objects) {
			i.Spec.IngressClassName, i.Annotations = nil, map[string]string{classKey: "nginx"}
		}, plain, nil},
		"certificate not there yet": {
			func(i *networkingv1.Ingress, o *Objects) { secure(i); o.Secrets = nil },
			strings.ReplaceAll(secured, "+certificate", ""),
			[]string{`secret "shop-tls": there is none`},
		},
		"broken certificate": {
			func(i *networkingv1.Ingress, o *Objects) { secure(i); o.Secrets[0].Data["tls.crt"] = nil },
			strings.ReplaceAll(secured, "+certificate", ""),
			[]string{`secret "shop-tls": is no certificate with its key`},
		},
		"no service": {
			func(_ *networkingv1.Ingress, o *Objects) { o.Services = o.Services[:1] },
			strings.Replace(plain, "shop_api_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]", "shop_api_80 = []", 1),
			[]string{`service "api": there is none of that name`},
		},
		"unknown port": {
			func(i *networkingv1.Ingress, _ *Objects) {
				i.Spec.Rules[0].HTTP.Paths[1].Backend = toService("api", 81)
			},
			strings.NewReplacer("shop_api_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]", "shop_api_81 = []", "shop_api_80", "shop_api_81").Replace(plain),
			[]string{`service "api": has no TCP port 81`},
		},
		"path that would end the line": {
			func(i *networkingv1.Ingress, _ *Objects) { i.Spec.Rules[0].HTTP.Paths[1].Path = `/"; } evil {` },
			`http://shop.test/* -> shop_web_80
https://shop.test/* -> shop_web_80
shop_web_80 = [{10.0.0.1:8080 1} {10.0.0.2:8080 1}]`,
			[]string{"has a character that is not served here"},
		},
		"body size": {
			func(i *networkingv1.Ingress, _ *Objects) { i.Annotations = map[string]string{bodySizeKey: "8m"} },
			strings.NewReplacer("-> shop_api_80", "-> shop_api_80 8m", "-> shop_web_80", "-> shop_web_80 8m").Replace(plain), nil,
		},
		"broken body size": {
			func(i *networkingv1.Ingress, _ *Objects) { i.Annotations = map[string]string{bodySizeKey: "8m; evil"} },
			plain,
			[]string{`"8m; evil" is no size`},
		},
		"exact": {func(i *networkingv1.Ingress, _ *Objects) {
			i.Spec.Rules[0].HTTP.Paths[1].PathType = to(networkingv1.PathTypeExact)
		}, strings.ReplaceAll(plain, "/api*", "/api/"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			one := ingress()
			objects := Objects{Ingresses: []*networkingv1.Ingress{one}, Secrets: []*corev1.Secret{secret(t, "shop-tls")}}
			service(&objects, "web")
			service(&objects, "api")
			tc.mutate(one, &objects)
			built, problems := Build(classes, objects)
			assert.Equal(t, tc.want, drawn(built))
			for _, problem := range tc.problems {
				require.NotEmpty(t, problems)
				assert.Contains(t, problems[0].Reason, problem)
			}
			if tc.problems == nil {
				assert.Empty(t, problems)
			}
		})
	}
}

func TestOlderIngressKeepsItsPath(t *testing.T) {
	older, younger := ingress(), ingress()
	older.Name, older.CreationTimestamp = "z-older", metav1.NewTime(time.Unix(1, 0))
	younger.Name, younger.CreationTimestamp = "a-younger", metav1.NewTime(time.Unix(2, 0))
	objects := Objects{Ingresses: []*networkingv1.Ingress{younger, older}}
	service(&objects, "web")
	service(&objects, "api")
	built, problems := Build(classes, objects)
	assert.Equal(t, plain, drawn(built))
	require.NotEmpty(t, problems)
	assert.Equal(t, "a-younger", problems[0].Object.GetName())
	assert.Contains(t, problems[0].Reason, "is served for Ingress shop/z-older already")
}

func TestPodsThatTakeRequests(t *testing.T) {
	pod := func(address string, ready, serving bool) discoveryv1.Endpoint {
		return discoveryv1.Endpoint{Addresses: []string{address}, Conditions: discoveryv1.EndpointConditions{Ready: &ready, Serving: &serving}}
	}
	for name, tc := range map[string]struct {
		pods []discoveryv1.Endpoint
		want string
	}{
		"ready only":          {[]discoveryv1.Endpoint{pod("10.0.0.1", true, true), pod("10.0.0.2", false, true)}, "[{10.0.0.1:8080 1}]"},
		"ending, none better": {[]discoveryv1.Endpoint{pod("10.0.0.1", false, false), pod("10.0.0.2", false, true)}, "[{10.0.0.2:8080 1}]"},
		"none":                {[]discoveryv1.Endpoint{pod("10.0.0.1", false, false)}, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := Objects{Ingresses: []*networkingv1.Ingress{ingress()}}
			service(&objects, "web", tc.pods...)
			service(&objects, "api")
			built, problems := Build(classes, objects)
			assert.Contains(t, drawn(built), "shop_web_80 = "+tc.want)
			assert.Empty(t, problems)
		})
	}
}

// The objects are those that components/edge/gateway.go makes.
func TestGateway(t *testing.T) {
	gateway := &gatewayv1.Gateway{ObjectMeta: meta("edge"), Spec: gatewayv1.GatewaySpec{GatewayClassName: "shared", Listeners: []gatewayv1.Listener{
		{Name: "http", Protocol: gatewayv1.HTTPProtocolType, Port: 80, Hostname: to(gatewayv1.Hostname("shop.test"))},
		{
			Name: "https", Protocol: gatewayv1.HTTPSProtocolType, Port: 443, Hostname: to(gatewayv1.Hostname("shop.test")),
			TLS: &gatewayv1.ListenerTLSConfig{CertificateRefs: []gatewayv1.SecretObjectReference{{Name: "shop-tls"}}},
		},
	}}}
	route := func(name, listener string, rules ...gatewayv1.HTTPRouteRule) *gatewayv1.HTTPRoute {
		return &gatewayv1.HTTPRoute{ObjectMeta: meta(name), Spec: gatewayv1.HTTPRouteSpec{
			CommonRouteSpec: gatewayv1.CommonRouteSpec{ParentRefs: []gatewayv1.ParentReference{{Name: "edge", SectionName: to(gatewayv1.SectionName(listener))}}},
			Hostnames:       []gatewayv1.Hostname{"shop.test"}, Rules: rules,
		}}
	}
	rule := func(path, service string) gatewayv1.HTTPRouteRule {
		one := gatewayv1.HTTPRouteRule{Matches: []gatewayv1.HTTPRouteMatch{{
			Path: &gatewayv1.HTTPPathMatch{Type: to(gatewayv1.PathMatchPathPrefix), Value: &path},
		}}}
		if service == "" {
			one.Filters = []gatewayv1.HTTPRouteFilter{{
				Type: gatewayv1.HTTPRouteFilterRequestRedirect, RequestRedirect: &gatewayv1.HTTPRequestRedirectFilter{Scheme: to("https"), StatusCode: to(301)},
			}}
			return one
		}
		one.BackendRefs = []gatewayv1.HTTPBackendRef{{BackendRef: gatewayv1.BackendRef{BackendObjectReference: gatewayv1.BackendObjectReference{
			Name: gatewayv1.ObjectName(service), Port: to(gatewayv1.PortNumber(80)),
		}}}}
		return one
	}
	objects := Objects{
		Gateways: []*gatewayv1.Gateway{gateway}, Secrets: []*corev1.Secret{secret(t, "shop-tls")},
		HTTPRoutes: []*gatewayv1.HTTPRoute{
			route("edge", "https", rule("/", "web"), rule("/api", "api")), route("redirect", "http", rule("/", "")),
		},
	}
	service(&objects, "web")
	service(&objects, "api")
	built, problems := Build(classes, objects)
	assert.Empty(t, problems)
	assert.Equal(t, strings.Replace(strings.Replace(secured, "http://shop.test/api* -> 308 https\n", "", 1), "308", "301", 1), drawn(built))

	odd := rule("/odd", "api")
	odd.Matches[0].Method = to(gatewayv1.HTTPMethodPost)
	objects.HTTPRoutes = append(objects.HTTPRoutes, route("odd", "https", odd))
	again, problems := Build(classes, objects)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Reason, "rules[0]: matches: only paths are served here")
	assert.Equal(t, built, again, "the others are served on")
}

// The objects are those that components/edge/route.go makes.
func TestRoute(t *testing.T) {
	route := func(path, service string) *routev1.Route {
		return &routev1.Route{ObjectMeta: meta("edge" + strings.ReplaceAll(path, "/", "-")), Spec: routev1.RouteSpec{
			Host: "shop.test", Path: path, To: routev1.RouteTargetReference{Kind: "Service", Name: service, Weight: to(int32(100))},
			Port: &routev1.RoutePort{TargetPort: intstr.FromString("http")},
			TLS: &routev1.TLSConfig{
				Termination: routev1.TLSTerminationEdge, InsecureEdgeTerminationPolicy: routev1.InsecureEdgeTerminationPolicyRedirect,
				ExternalCertificate: &routev1.LocalObjectReference{Name: "shop-tls"},
			},
		}}
	}
	objects := Objects{Routes: []*routev1.Route{route("/api", "api"), route("/", "web")}, Secrets: []*corev1.Secret{secret(t, "shop-tls")}}
	service(&objects, "web")
	service(&objects, "api")
	built, problems := Build(classes, objects)
	assert.Empty(t, problems)
	assert.Equal(t, strings.NewReplacer("308", "302", "_80", "_http").Replace(secured), drawn(built))

	objects.Routes[0].Spec.TLS.Termination = routev1.TLSTerminationPassthrough
	_, problems = Build(classes, objects)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Reason, "passthrough is not served here")
}

func TestCovers(t *testing.T) {
	for name, want := range map[string]bool{
		"a.shop.test": true, "shop.test": false, "a.b.shop.test": false, "ashop.test": false, "*.shop.test": true,
	} {
		assert.Equal(t, want, covers("*.shop.test", name), name)
	}
}
