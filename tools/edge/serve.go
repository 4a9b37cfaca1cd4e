package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	routev1 "github.com/openshift/api/route/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"platform/tools/edge/nginx"
	"platform/tools/edge/site"
)

// The waits of the loop.
const (
	calm  = 100 * time.Millisecond // changes come in swarms: one reload for all of one
	retry = 2 * time.Second        // after a status that could not be written
)

// server is the nginx that serves; a test has one of its own.
type server interface {
	Apply(ctx context.Context, to site.Site) (bool, error)
	Test(ctx context.Context, of site.Site) error
}

// controller brings what the cluster asks for to nginx, and what became of it
// to the cluster.
type controller struct {
	options
	client   kubernetes.Interface
	objects  dynamic.Interface
	watcher  *watcher
	server   server
	health   *health
	recorder record.EventRecorder
	told     map[types.UID]string // the errors that Events were made of
}

func newController(client kubernetes.Interface, objects dynamic.Interface, o options, server server, health *health) *controller {
	return &controller{
		options: o, client: client, objects: objects, watcher: newWatcher(client, objects),
		server: server, health: health, told: map[types.UID]string{},
	}
}

// run works until the context ends.
func (c *controller) run(ctx context.Context) error {
	events := record.NewBroadcaster(record.WithContext(ctx))
	defer events.Shutdown()
	events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: c.client.CoreV1().Events("")})
	kinds := runtime.NewScheme()
	if err := errors.Join(scheme.AddToScheme(kinds), gatewayv1.Install(kinds), routev1.Install(kinds)); err != nil {
		return fmt.Errorf("kinds: %w", err)
	}
	c.recorder = events.NewRecorder(kinds, corev1.EventSource{Component: "edge"})
	defer c.watcher.stop()
	if err := c.watcher.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	looked := time.Now()
	for {
		if time.Since(looked) > kindsPeriod {
			c.watcher.moreKinds(ctx)
			looked = time.Now()
		}
		if err := c.once(ctx); err != nil && ctx.Err() == nil {
			slog.Error("serving", "error", err)
			time.AfterFunc(retry, c.watcher.signal)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.watcher.changed:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(calm):
		}
	}
}

// once brings the present state over.
func (c *controller) once(ctx context.Context) error {
	objects := c.watcher.snapshot()
	built, problems := site.Build(c.classes, objects)
	changed, err := c.server.Apply(ctx, built)
	if refused := (*nginx.RefusedError)(nil); errors.As(err, &refused) {
		// Build checks what it writes, so this is for what it does not think of.
		slog.Error("leaving objects out", "error", err)
		var more []site.Error
		if objects, more, err = c.without(ctx, objects); err != nil {
			return err
		}
		built, problems = site.Build(c.classes, objects)
		problems = append(problems, more...)
		changed, err = c.server.Apply(ctx, built)
	}
	if err != nil {
		return err
	}
	c.health.synced.Store(true)
	if changed {
		slog.Info("serving", "servers", len(built.Servers), "upstreams", len(built.Upstreams), "errors", len(problems))
	}
	c.tell(problems)
	return c.writeStatuses(ctx, c.watcher.snapshot(), problems)
}

// without leaves out the objects that nginx refuses even alone.
func (c *controller) without(ctx context.Context, all site.Objects) (site.Objects, []site.Error, error) {
	var problems []site.Error
	alone := all
	alone.Ingresses, alone.HTTPRoutes, alone.Routes = nil, nil, nil
	refuses := func(object site.Object, one site.Objects) bool {
		built, _ := site.Build(c.classes, one)
		err := c.server.Test(ctx, built)
		if err != nil {
			problems = append(problems, site.Error{Object: object, Reason: err.Error()})
		}
		return err != nil
	}
	for _, one := range all.Ingresses {
		single := alone
		if single.Ingresses = append(single.Ingresses, one); refuses(one, single) {
			all.Ingresses = remove(all.Ingresses, one)
		}
	}
	for _, one := range all.HTTPRoutes {
		single := alone
		if single.HTTPRoutes = append(single.HTTPRoutes, one); refuses(one, single) {
			all.HTTPRoutes = remove(all.HTTPRoutes, one)
		}
	}
	for _, one := range all.Routes {
		single := alone
		if single.Routes = append(single.Routes, one); refuses(one, single) {
			all.Routes = remove(all.Routes, one)
		}
	}
	return all, problems, ctx.Err()
}

// remove gives a list without one.
func remove[T comparable](all []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(other T) bool { return other == one })
}

// tell makes an Event of what is new among the errors.
func (c *controller) tell(problems []site.Error) {
	now := map[types.UID]string{}
	of := map[types.UID]site.Object{}
	for _, problem := range problems {
		id := problem.Object.GetUID()
		if now[id] != "" {
			now[id] += "; "
		}
		now[id] += problem.Reason
		of[id] = problem.Object
	}
	for id, text := range now {
		if c.told[id] != text {
			slog.Warn("not served as asked", "object", of[id].GetNamespace()+"/"+of[id].GetName(), "reason", text)
			c.recorder.Event(of[id], corev1.EventTypeWarning, "NotServed", text)
		}
	}
	c.told = now
}
