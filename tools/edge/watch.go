package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	routev1 "github.com/openshift/api/route/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"platform/tools/edge/site"
)

// The kinds that a server may have or not.
var (
	gatewaysResource       = schema.GroupVersionResource{Group: gatewayv1.GroupName, Version: "v1", Resource: "gateways"}
	gatewayClassesResource = schema.GroupVersionResource{Group: gatewayv1.GroupName, Version: "v1", Resource: "gatewayclasses"}
	httpRoutesResource     = schema.GroupVersionResource{Group: gatewayv1.GroupName, Version: "v1", Resource: "httproutes"}
	routesResource         = routev1.GroupVersion.WithResource("routes")
)

// kindsPeriod is how often it is looked whether the server has more kinds.
const kindsPeriod = 30 * time.Second

// watcher keeps the objects of the cluster that matter.
type watcher struct {
	client   kubernetes.Interface
	loose    dynamicinformer.DynamicSharedInformerFactory
	common   informers.SharedInformerFactory
	secrets  informers.SharedInformerFactory
	optional map[schema.GroupVersionResource]cache.SharedIndexInformer // that the server has
	changed  chan struct{}                                             // holds one when something has changed
	synced   []cache.InformerSynced
}

func newWatcher(client kubernetes.Interface, objects dynamic.Interface) *watcher {
	return &watcher{
		client: client, loose: dynamicinformer.NewDynamicSharedInformerFactory(objects, 0),
		common: informers.NewSharedInformerFactory(client, 0),
		secrets: informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTweakListOptions(func(o *metav1.ListOptions) {
			o.FieldSelector = fields.OneTermEqualSelector("type", string(corev1.SecretTypeTLS)).String()
		})),
		optional: map[schema.GroupVersionResource]cache.SharedIndexInformer{},
		changed:  make(chan struct{}, 1),
	}
}

// start watches, and returns once every object is known that there is.
func (w *watcher) start(ctx context.Context) error {
	for _, one := range []cache.SharedIndexInformer{
		w.common.Networking().V1().Ingresses().Informer(), w.common.Core().V1().Services().Informer(),
		w.common.Discovery().V1().EndpointSlices().Informer(), w.secrets.Core().V1().Secrets().Informer(),
	} {
		if err := w.follow(one); err != nil {
			return err
		}
	}
	if _, err := w.addKinds(); err != nil {
		return err
	}
	w.common.Start(ctx.Done())
	w.secrets.Start(ctx.Done())
	w.loose.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), w.synced...) {
		return ctx.Err()
	}
	go w.watchKinds(ctx)
	return nil
}

func (w *watcher) stop() {
	w.common.Shutdown()
	w.secrets.Shutdown()
	w.loose.Shutdown()
}

func (w *watcher) follow(one cache.SharedIndexInformer) error {
	registered, err := one.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { w.signal() }, UpdateFunc: func(_, _ any) { w.signal() }, DeleteFunc: func(any) { w.signal() },
	})
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	w.synced = append(w.synced, registered.HasSynced)
	return nil
}

func (w *watcher) signal() {
	select {
	case w.changed <- struct{}{}:
	default: // one is there already
	}
}

// addKinds prepares to watch the optional kinds that the server has, and tells
// whether there are new ones.
func (w *watcher) addKinds() (bool, error) {
	fresh := false
	for _, resource := range []schema.GroupVersionResource{gatewaysResource, gatewayClassesResource, httpRoutesResource, routesResource} {
		if w.optional[resource] != nil {
			continue
		}
		served, err := w.serves(resource)
		if err != nil {
			return false, err
		}
		if served {
			informer := w.loose.ForResource(resource).Informer()
			if err := w.follow(informer); err != nil {
				return false, err
			}
			w.optional[resource] = informer
			fresh = true
		}
	}
	return fresh, nil
}

func (w *watcher) serves(resource schema.GroupVersionResource) (bool, error) {
	list, err := w.client.Discovery().ServerResourcesForGroupVersion(resource.GroupVersion().String())
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("kinds of %s: %w", resource.GroupVersion(), err)
	}
	for _, one := range list.APIResources {
		if one.Name == resource.Resource {
			return true, nil
		}
	}
	return false, nil
}

// watchKinds has the loop look for more kinds now and then; see
// [watcher.moreKinds].
func (w *watcher) watchKinds(ctx context.Context) {
	ticker := time.NewTicker(kindsPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.signal()
		}
	}
}

// moreKinds starts to watch kinds that the server has come to have.
func (w *watcher) moreKinds(ctx context.Context) {
	fresh, err := w.addKinds()
	if err != nil {
		slog.Warn("looking for kinds", "error", err)
	}
	if fresh {
		w.loose.Start(ctx.Done())
	}
}

// snapshot is what there is now.
func (w *watcher) snapshot() site.Objects {
	return site.Objects{
		Ingresses:  typed[networkingv1.Ingress](w.common.Networking().V1().Ingresses().Informer()),
		Services:   typed[corev1.Service](w.common.Core().V1().Services().Informer()),
		Slices:     typed[discoveryv1.EndpointSlice](w.common.Discovery().V1().EndpointSlices().Informer()),
		Secrets:    typed[corev1.Secret](w.secrets.Core().V1().Secrets().Informer()),
		Gateways:   converted[gatewayv1.Gateway](w.optional[gatewaysResource]),
		HTTPRoutes: converted[gatewayv1.HTTPRoute](w.optional[httpRoutesResource]),
		Routes:     converted[routev1.Route](w.optional[routesResource]),
	}
}

func typed[T any](informer cache.SharedIndexInformer) []*T {
	var all []*T
	for _, each := range informer.GetStore().List() {
		if one, ok := each.(*T); ok {
			all = append(all, one)
		}
	}
	return all
}

// converted gives the objects of an optional kind; none where there is none.
func converted[T any](informer cache.SharedIndexInformer) []*T {
	if informer == nil {
		return nil
	}
	var all []*T
	for _, each := range typed[unstructured.Unstructured](informer) {
		one := new(T)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(each.Object, one); err != nil {
			slog.Warn("object is left out", "kind", each.GetKind(), "namespace", each.GetNamespace(), "name", each.GetName(), "error", err)
			continue
		}
		all = append(all, one)
	}
	return all
}
