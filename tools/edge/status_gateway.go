package main

import (
	"cmp"
	"context"
	"net"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"platform/tools/edge/site"
)

// writeClasses accepts the GatewayClasses that name this controller.
func (c *controller) writeClasses(ctx context.Context) error {
	for _, old := range converted[gatewayv1.GatewayClass](c.watcher.optional[gatewayClassesResource]) {
		if string(old.Spec.ControllerName) != controllerName {
			continue
		}
		now := old.DeepCopy()
		meta.SetStatusCondition(&now.Status.Conditions, verdict(string(gatewayv1.GatewayClassConditionStatusAccepted),
			string(gatewayv1.GatewayClassReasonAccepted), "", old.Generation, ""))
		if err := c.writeLoose(ctx, gatewayClassesResource, "GatewayClass", old, now); err != nil {
			return err
		}
	}
	return nil
}

// writeGateway tells where a Gateway is served, and how its listeners are.
func (c *controller) writeGateway(ctx context.Context, old *gatewayv1.Gateway, routes []*gatewayv1.HTTPRoute, of reasons) error {
	now := old.DeepCopy()
	if c.address != "" {
		kind := gatewayv1.HostnameAddressType
		if net.ParseIP(c.address) != nil {
			kind = gatewayv1.IPAddressType
		}
		now.Status.Addresses = []gatewayv1.GatewayStatusAddress{{Type: &kind, Value: c.address}}
	}
	refused, missing := of.refused[old.UID], of.missing[old.UID]
	meta.SetStatusCondition(&now.Status.Conditions, verdict(string(gatewayv1.GatewayConditionAccepted),
		string(gatewayv1.GatewayReasonAccepted), string(gatewayv1.GatewayReasonListenersNotValid), old.Generation, refused))
	meta.SetStatusCondition(&now.Status.Conditions, verdict(string(gatewayv1.GatewayConditionProgrammed),
		string(gatewayv1.GatewayReasonProgrammed), string(gatewayv1.GatewayReasonInvalid), old.Generation, cmp.Or(refused, missing)))
	listeners := now.Status.Listeners
	now.Status.Listeners = nil
	for _, spec := range old.Spec.Listeners {
		now.Status.Listeners = append(now.Status.Listeners, listenerStatus(old, spec, listeners, routes, refused, missing))
	}
	return c.writeLoose(ctx, gatewaysResource, "Gateway", old, now)
}

// listenerStatus is that of one listener. The Gateway's reasons are its own too:
// which of several listeners they are about stands in the text.
func listenerStatus(
	gateway *gatewayv1.Gateway, spec gatewayv1.Listener, old []gatewayv1.ListenerStatus, routes []*gatewayv1.HTTPRoute, refused, missing string,
) gatewayv1.ListenerStatus {
	group := gatewayv1.Group(gatewayv1.GroupName)
	status := gatewayv1.ListenerStatus{Name: spec.Name, SupportedKinds: []gatewayv1.RouteGroupKind{{Group: &group, Kind: "HTTPRoute"}}}
	for _, one := range old {
		if one.Name == spec.Name {
			status.Conditions = slices.Clone(one.Conditions)
		}
	}
	for _, route := range routes {
		if slices.ContainsFunc(route.Spec.ParentRefs, func(ref gatewayv1.ParentReference) bool {
			return site.Refers(ref, route, gateway) && (ref.SectionName == nil || *ref.SectionName == spec.Name)
		}) {
			status.AttachedRoutes++
		}
	}
	for _, one := range []struct {
		kind gatewayv1.ListenerConditionType
		good gatewayv1.ListenerConditionReason
		bad  gatewayv1.ListenerConditionReason
		why  string
	}{
		{gatewayv1.ListenerConditionAccepted, gatewayv1.ListenerReasonAccepted, gatewayv1.ListenerReasonUnsupportedProtocol, refused},
		{gatewayv1.ListenerConditionResolvedRefs, gatewayv1.ListenerReasonResolvedRefs, gatewayv1.ListenerReasonInvalidCertificateRef, missing},
		{gatewayv1.ListenerConditionProgrammed, gatewayv1.ListenerReasonProgrammed, gatewayv1.ListenerReasonInvalid, cmp.Or(refused, missing)},
	} {
		meta.SetStatusCondition(&status.Conditions, verdict(string(one.kind), string(one.good), string(one.bad), gateway.Generation, one.why))
	}
	return status
}

// writeHTTPRoute tells a route how it is at each Gateway of ours that it names.
// What other controllers say there stays.
func (c *controller) writeHTTPRoute(ctx context.Context, old *gatewayv1.HTTPRoute, gateways []*gatewayv1.Gateway, of reasons) error {
	now := old.DeepCopy()
	now.Status.Parents = slices.DeleteFunc(now.Status.Parents, func(one gatewayv1.RouteParentStatus) bool {
		return one.ControllerName == controllerName
	})
	for _, ref := range old.Spec.ParentRefs {
		if !slices.ContainsFunc(gateways, func(gateway *gatewayv1.Gateway) bool {
			return c.classes.Gateway != "" && string(gateway.Spec.GatewayClassName) == c.classes.Gateway && site.Refers(ref, old, gateway)
		}) {
			continue
		}
		status := gatewayv1.RouteParentStatus{ParentRef: ref, ControllerName: controllerName}
		for _, one := range old.Status.Parents {
			if one.ControllerName == controllerName && sameRef(one.ParentRef, ref) {
				status.Conditions = slices.Clone(one.Conditions)
			}
		}
		meta.SetStatusCondition(&status.Conditions, verdict(string(gatewayv1.RouteConditionAccepted),
			string(gatewayv1.RouteReasonAccepted), string(gatewayv1.RouteReasonUnsupportedValue), old.Generation, of.refused[old.UID]))
		meta.SetStatusCondition(&status.Conditions, verdict(string(gatewayv1.RouteConditionResolvedRefs),
			string(gatewayv1.RouteReasonResolvedRefs), string(gatewayv1.RouteReasonBackendNotFound), old.Generation, of.missing[old.UID]))
		now.Status.Parents = append(now.Status.Parents, status)
	}
	if len(now.Status.Parents) == 0 && len(old.Status.Parents) == 0 {
		return nil
	}
	return c.writeLoose(ctx, httpRoutesResource, "HTTPRoute", old, now)
}

// sameRef reports whether two references of a route are the same.
func sameRef(a, b gatewayv1.ParentReference) bool {
	section := func(ref gatewayv1.ParentReference) gatewayv1.SectionName {
		if ref.SectionName == nil {
			return ""
		}
		return *ref.SectionName
	}
	return a.Name == b.Name && section(a) == section(b)
}
