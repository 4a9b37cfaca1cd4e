package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var routeParent = pack.Rule{
	Name: "http-route-has-its-gateway", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a route without a Gateway, or with a listener that the Gateway does not have, is served by nobody",
	Remedy:    "name a Gateway of the namespace in parentRefs, and one of its listeners in sectionName",
	Reference: "https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("HTTPRoute"), func(route pack.Object) {
			parents := route.At("spec", "parentRefs")
			if len(parents.Items()) == 0 {
				r.Violated(route, parents, "is missing")
			}
			pack.Each(r, route, parents.Items(), func(parent pack.Value) {
				if !parent.At("kind").Is("", "Gateway") || !inNamespace(route, or(parent.At("namespace").Text(), route.At("metadata", "namespace").Text())) {
					return // a Gateway of another namespace is another stack's
				}
				gateway, found := pack.First(s.Kinds("Gateway"), func(gateway pack.Object) bool { return parentIs(route, parent, gateway) })
				if !found {
					r.Violated(route, parent.At("name"), "is %q, a Gateway that the namespace does not have", parent.At("name").Text())
					return
				}
				section := parent.At("sectionName")
				if name := section.Text(); name != "" && !pack.Some(gateway.At("spec", "listeners").Items(), func(listener pack.Value) bool {
					return listener.At("name").Is(name)
				}) {
					r.Violated(route, section, "is %q, a listener that %s does not have", name, gateway)
				}
			})
		})
	},
}
