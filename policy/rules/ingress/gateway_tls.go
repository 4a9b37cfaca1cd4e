package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var gatewayTLS = pack.Rule{
	Name: "gateway-has-tls", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "passwords and sessions cross the network in clear",
	Remedy:    "give each HTTPS listener a certificate, and let routes of an HTTP listener redirect to https and do nothing else",
	Reference: "https://gateway-api.sigs.k8s.io/guides/tls/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Gateway"), func(gateway pack.Object) {
			pack.Each(r, gateway, gateway.At("spec", "listeners").Items(), func(listener pack.Value) {
				protocol := listener.At("protocol")
				switch protocol.Text() {
				case "HTTPS", "TLS":
					if at := listener.At("tls", "certificateRefs"); len(at.Items()) == 0 && !listener.At("tls", "mode").Is("Passthrough") {
						r.Violated(gateway, at, "names no certificate")
					}
				case "HTTP":
					pack.Each(r, gateway, s.Kinds("HTTPRoute"), func(route pack.Object) {
						if attached(route, gateway, listener.At("name").Text()) {
							judgePlain(r, route)
						}
					})
				default:
					r.Violated(gateway, protocol, "is %q, which has no TLS", protocol.Text())
				}
			})
		})
	},
}

// attached tells whether a route takes requests of a Gateway's listener. A
// route that names no listener takes those of all.
func attached(route, gateway pack.Object, listener string) bool {
	return pack.Some(route.At("spec", "parentRefs").Items(), func(parent pack.Value) bool {
		section := parent.At("sectionName").Text()
		return parentIs(route, parent, gateway) && (section == "" || section == listener)
	})
}

// parentIs tells whether a reference of a route means a Gateway.
func parentIs(route pack.Object, parent pack.Value, gateway pack.Object) bool {
	namespace := or(parent.At("namespace").Text(), route.At("metadata", "namespace").Text())
	return gateway.Called(parent.At("name").Text()) && inNamespace(gateway, namespace)
}

// judgePlain judges a route that gets requests in clear.
func judgePlain(r *pack.Report, route pack.Object) {
	pack.Each(r, route, route.At("spec", "rules").Items(), func(rule pack.Value) {
		redirects := pack.Some(rule.At("filters").Items(), func(filter pack.Value) bool {
			return filter.At("type").Is("RequestRedirect") && filter.At("requestRedirect", "scheme").Is("https")
		})
		if !redirects {
			r.Violated(route, rule, "answers requests in clear instead of redirecting them to https")
		}
	})
}
