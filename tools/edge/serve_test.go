package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/fake"

	"platform/tools/edge/nginx"
	"platform/tools/edge/site"
)

// patience is for a machine that does other work too.
const patience = 30 * time.Second

// recorder is an nginx that only notes what it is to serve, and refuses hosts
// that start with bad.
type recorder struct {
	mu    sync.Mutex
	hosts []string
}

func (r *recorder) Test(_ context.Context, of site.Site) error {
	if slices.ContainsFunc(of.Servers, func(one site.Server) bool { return strings.HasPrefix(one.Host, "bad") }) {
		return &nginx.RefusedError{Output: "bad host"}
	}
	return nil
}

func (r *recorder) Apply(ctx context.Context, to site.Site) (bool, error) {
	if err := r.Test(ctx, to); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hosts = nil
	for _, one := range to.Servers {
		r.hosts = append(r.hosts, one.Host)
	}
	r.hosts = slices.Compact(r.hosts)
	return true, nil
}

func (r *recorder) serves() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.hosts)
}

// world is a cluster with a controller.
type world struct {
	*controller
	t        *testing.T
	recorder *recorder
}

// play runs a controller over objects until the test ends. The server has the
// optional kinds if loose objects are given.
func play(t *testing.T, typed []runtime.Object, loose ...*unstructured.Unstructured) world {
	t.Helper()
	client := fake.NewClientset(typed...)
	if len(loose) > 0 {
		client.Resources = []*metav1.APIResourceList{
			{GroupVersion: "gateway.networking.k8s.io/v1", APIResources: []metav1.APIResource{{Name: "gateways"}, {Name: "httproutes"}, {Name: "gatewayclasses"}}},
			{GroupVersion: "route.openshift.io/v1", APIResources: []metav1.APIResource{{Name: "routes"}}},
		}
	}
	objects := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{
		gatewaysResource: "GatewayList", httpRoutesResource: "HTTPRouteList", gatewayClassesResource: "GatewayClassList", routesResource: "RouteList",
	})
	// By its resource: the fake guesses that of a Gateway to be gatewaies.
	resources := map[string]schema.GroupVersionResource{
		"Gateway": gatewaysResource, "HTTPRoute": httpRoutesResource, "GatewayClass": gatewayClassesResource, "Route": routesResource,
	}
	for _, one := range loose {
		require.NoError(t, objects.Tracker().Create(resources[one.GetKind()], one, one.GetNamespace()))
	}
	o := options{classes: site.Classes{Ingress: "nginx", Gateway: "shared"}, address: "192.0.2.7"}
	nginx := &recorder{}
	w := world{newController(client, objects, o, nginx, &health{}), t, nginx}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			assert.NoError(t, err)
		case <-time.After(patience):
			t.Error("does not end with its context")
		}
	})
	return w
}

func (w world) eventually(what string, holds func() bool) {
	w.t.Helper()
	require.Eventually(w.t, holds, patience, 10*time.Millisecond, what)
}

// event waits for an Event about an object.
func (w world) event(name, part string) {
	w.t.Helper()
	w.eventually("an Event about "+name, func() bool {
		list, err := w.client.CoreV1().Events("").List(w.t.Context(), metav1.ListOptions{})
		return err == nil && slices.ContainsFunc(list.Items, func(one corev1.Event) bool {
			return one.InvolvedObject.Name == name && strings.Contains(one.Message, part)
		})
	})
}

// condition waits for a condition somewhere in the status of an object.
func (w world) condition(resource schema.GroupVersionResource, name, kind, status string) {
	w.t.Helper()
	w.eventually(name+" "+kind, func() bool {
		one, err := w.objects.Resource(resource).Namespace("shop").Get(w.t.Context(), name, metav1.GetOptions{})
		return err == nil && holds(one.Object["status"], kind, status)
	})
}

// holds looks for a condition at any depth.
func holds(tree any, kind, status string) bool {
	switch node := tree.(type) {
	case map[string]any:
		if node["type"] == kind && node["status"] == status {
			return true
		}
		for _, one := range node {
			if holds(one, kind, status) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(node, func(one any) bool { return holds(one, kind, status) })
	}
	return false
}

func ingress(name, host string) *networkingv1.Ingress {
	class, prefix := "nginx", networkingv1.PathTypePrefix
	return &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: types.UID(name)},
		Spec: networkingv1.IngressSpec{IngressClassName: &class, Rules: []networkingv1.IngressRule{{
			Host: host, IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{{
				Path: "/", PathType: &prefix, Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
					Name: "web", Port: networkingv1.ServiceBackendPort{Number: 80},
				}},
			}}}},
		}}},
	}
}

func TestIngressIsServedAndToldItsAddress(t *testing.T) {
	w := play(t, []runtime.Object{ingress("edge", "shop.test")})
	w.eventually("served", func() bool { return slices.Equal(w.recorder.serves(), []string{"shop.test"}) })
	address := func(name string) string {
		one, err := w.client.NetworkingV1().Ingresses("shop").Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(t, err)
		if len(one.Status.LoadBalancer.Ingress) == 0 {
			return ""
		}
		return one.Status.LoadBalancer.Ingress[0].IP
	}
	w.eventually("address", func() bool { return address("edge") == "192.0.2.7" })
	w.event("edge", `service "web": there is none of that name`)
	assert.True(t, w.health.synced.Load())

	_, err := w.client.NetworkingV1().Ingresses("shop").Create(t.Context(), ingress("later", "later.test"), metav1.CreateOptions{})
	require.NoError(t, err)
	w.eventually("served", func() bool { return slices.Equal(w.recorder.serves(), []string{"later.test", "shop.test"}) })
	require.NoError(t, w.client.NetworkingV1().Ingresses("shop").Delete(t.Context(), "edge", metav1.DeleteOptions{}))
	w.eventually("gone", func() bool { return slices.Equal(w.recorder.serves(), []string{"later.test"}) })
}

func TestOneThatNginxRefusesIsLeftOutAlone(t *testing.T) {
	w := play(t, []runtime.Object{ingress("good", "shop.test"), ingress("evil", "bad.test")})
	w.eventually("served", func() bool { return slices.Equal(w.recorder.serves(), []string{"shop.test"}) })
	w.event("evil", "nginx refuses the configuration: bad host")
}

func object(apiVersion, kind, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": apiVersion, "kind": kind, "spec": spec,
		"metadata": map[string]any{"namespace": "shop", "name": name, "uid": name, "generation": int64(2)},
	}}
}

func TestGatewayAndRouteAreToldWhatBecameOfThem(t *testing.T) {
	const gateways, routes = "gateway.networking.k8s.io/v1", "route.openshift.io/v1"
	class := object(gateways, "GatewayClass", "shared", map[string]any{"controllerName": controllerName})
	class.SetNamespace("")
	httpRoute := func(name string, match map[string]any) *unstructured.Unstructured {
		return object(gateways, "HTTPRoute", name, map[string]any{
			"parentRefs": []any{map[string]any{"name": "front"}}, "hostnames": []any{"front.test"},
			"rules": []any{map[string]any{"matches": []any{match}, "backendRefs": []any{map[string]any{"name": "web", "port": int64(80)}}}},
		})
	}
	w := play(t, nil, class,
		object(gateways, "Gateway", "front", map[string]any{
			"gatewayClassName": "shared", "listeners": []any{map[string]any{"name": "http", "protocol": "HTTP", "port": int64(80)}},
		}),
		httpRoute("good", map[string]any{"path": map[string]any{"type": "PathPrefix", "value": "/"}}),
		httpRoute("odd", map[string]any{"method": "POST"}),
		object(routes, "Route", "route", map[string]any{"host": "route.test", "to": map[string]any{"kind": "Service", "name": "web"}}),
		object(routes, "Route", "through", map[string]any{
			"host": "through.test", "to": map[string]any{"kind": "Service", "name": "web"}, "tls": map[string]any{"termination": "passthrough"},
		}),
	)
	w.condition(gatewaysResource, "front", "Programmed", "True")
	w.condition(gatewaysResource, "front", "Accepted", "True")
	w.condition(httpRoutesResource, "good", "Accepted", "True")
	w.condition(httpRoutesResource, "good", "ResolvedRefs", "False") // there is no Service
	w.condition(httpRoutesResource, "odd", "Accepted", "False")
	w.condition(routesResource, "route", "Admitted", "True")
	w.condition(routesResource, "through", "Admitted", "False")
	w.eventually("class", func() bool {
		one, err := w.objects.Resource(gatewayClassesResource).Get(t.Context(), "shared", metav1.GetOptions{})
		return err == nil && holds(one.Object["status"], "Accepted", "True")
	})
	assert.Equal(t, []string{"front.test", "route.test"}, w.recorder.serves())
	front, err := w.objects.Resource(gatewaysResource).Namespace("shop").Get(t.Context(), "front", metav1.GetOptions{})
	require.NoError(t, err)
	addresses, _, _ := unstructured.NestedSlice(front.Object, "status", "addresses")
	assert.Equal(t, []any{map[string]any{"type": "IPAddress", "value": "192.0.2.7"}}, addresses)
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"--ingress-class=own", "--address=192.0.2.1"})
	require.NoError(t, err)
	assert.Equal(t, "own", o.classes.Ingress)
	assert.Equal(t, 8443, o.nginx.HTTPS)
	_, err = parse([]string{"extra"})
	assert.ErrorContains(t, err, `edge takes no arguments, but got ["extra"]`)
	_, err = parse([]string{"--ingress-class"})
	assert.Error(t, err)
}
