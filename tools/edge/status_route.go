package main

import (
	"context"
	"slices"

	routev1 "github.com/openshift/api/route/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// routerName is how OpenShift's own router calls itself.
const routerName = "default"

// writeRoute tells a Route whether it is admitted.
func (c *controller) writeRoute(ctx context.Context, old *routev1.Route, of reasons) error {
	now := old.DeepCopy()
	wanted := routev1.RouteIngressCondition{Type: routev1.RouteAdmitted, Status: corev1.ConditionTrue}
	if reason := of.refused[old.UID]; reason != "" {
		wanted.Status, wanted.Reason, wanted.Message = corev1.ConditionFalse, "NotServed", reason
	}
	since := metav1.Now().Rfc3339Copy()
	at := slices.IndexFunc(now.Status.Ingress, func(one routev1.RouteIngress) bool { return one.RouterName == routerName })
	if at < 0 {
		at = len(now.Status.Ingress)
		now.Status.Ingress = append(now.Status.Ingress, routev1.RouteIngress{RouterName: routerName})
	}
	entry := &now.Status.Ingress[at]
	for _, one := range entry.Conditions {
		if one.Type == wanted.Type && one.Status == wanted.Status && one.LastTransitionTime != nil {
			since = *one.LastTransitionTime
		}
	}
	wanted.LastTransitionTime = &since
	entry.Host, entry.WildcardPolicy, entry.RouterCanonicalHostname = old.Spec.Host, routev1.WildcardPolicyNone, c.address
	entry.Conditions = []routev1.RouteIngressCondition{wanted}
	return c.writeLoose(ctx, routesResource, "Route", old, now)
}
