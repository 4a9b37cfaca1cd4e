package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"platform/tools/edge/manifest"
	"platform/tools/edge/site"
)

// controllerName is how the edge signs statuses.
const controllerName = manifest.ControllerName

// reasons are the first errors of each object.
type reasons struct {
	refused map[types.UID]string // why it is not served, or not all of it
	missing map[types.UID]string // what it names in vain
}

// writeStatuses tells each object where it is served, and whether.
func (c *controller) writeStatuses(ctx context.Context, objects site.Objects, list []site.Error) error {
	of := reasons{map[types.UID]string{}, map[types.UID]string{}}
	for _, problem := range list {
		kind := of.refused
		if problem.Missing {
			kind = of.missing
		}
		if id := problem.Object.GetUID(); kind[id] == "" {
			kind[id] = problem.Reason
		}
	}
	var problems []error
	for _, one := range objects.Ingresses {
		problems = append(problems, c.writeIngress(ctx, one))
	}
	problems = append(problems, c.writeClasses(ctx))
	for _, one := range objects.Gateways {
		if c.classes.Gateway != "" && string(one.Spec.GatewayClassName) == c.classes.Gateway {
			problems = append(problems, c.writeGateway(ctx, one, objects.HTTPRoutes, of))
		}
	}
	for _, one := range objects.HTTPRoutes {
		problems = append(problems, c.writeHTTPRoute(ctx, one, objects.Gateways, of))
	}
	for _, one := range objects.Routes {
		problems = append(problems, c.writeRoute(ctx, one, of))
	}
	return errors.Join(problems...)
}

// writeIngress gives an Ingress the address, whatever its errors: as other
// controllers do, since clients wait for it.
func (c *controller) writeIngress(ctx context.Context, ingress *networkingv1.Ingress) error {
	if c.address == "" || !c.classes.Serves(ingress) {
		return nil
	}
	at := networkingv1.IngressLoadBalancerIngress{Hostname: c.address}
	if net.ParseIP(c.address) != nil {
		at = networkingv1.IngressLoadBalancerIngress{IP: c.address}
	}
	wanted := []networkingv1.IngressLoadBalancerIngress{at}
	if reflect.DeepEqual(ingress.Status.LoadBalancer.Ingress, wanted) {
		return nil
	}
	ingress = ingress.DeepCopy()
	ingress.Status.LoadBalancer.Ingress = wanted
	_, err := c.client.NetworkingV1().Ingresses(ingress.Namespace).UpdateStatus(ctx, ingress, metav1.UpdateOptions{})
	return statusError("ingress", ingress, err)
}

// writeLoose writes the status of an object of an optional kind, if it differs.
func (c *controller) writeLoose(ctx context.Context, resource schema.GroupVersionResource, kind string, old, now site.Object) error {
	if reflect.DeepEqual(old, now) {
		return nil
	}
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(now)
	if err != nil {
		return statusError(kind, now, err)
	}
	object := &unstructured.Unstructured{Object: fields}
	object.SetAPIVersion(resource.GroupVersion().String())
	object.SetKind(kind)
	_, err = c.objects.Resource(resource).Namespace(now.GetNamespace()).UpdateStatus(ctx, object, metav1.UpdateOptions{})
	return statusError(kind, now, err)
}

// statusFault names the object. One that has changed or gone meanwhile is
// looked at again anyway.
func statusError(kind string, object metav1.Object, err error) error {
	if err == nil || apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return fmt.Errorf("status of %s %s/%s: %w", kind, object.GetNamespace(), object.GetName(), err)
}

// verdict is a condition that holds unless there is a reason against it.
func verdict(kind, good, bad string, generation int64, reason string) metav1.Condition {
	one := metav1.Condition{Type: kind, Status: metav1.ConditionTrue, Reason: good, ObservedGeneration: generation}
	if reason != "" {
		one.Status, one.Reason, one.Message = metav1.ConditionFalse, bad, reason
	}
	return one
}
