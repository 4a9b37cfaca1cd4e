package ingress

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostSet = pack.Rule{
	Name: "edge-names-its-host", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "without a host, or with a wildcard, it answers for every name that leads to the controller, and takes it from others",
	Remedy:    "name each host in full",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards",
	Kinds:     []string{"Gateway", "HTTPRoute", "Ingress", "Route"},
	Object: func(o pack.Object, r *pack.Report) {
		places, list := places(o)
		if len(places) == 0 {
			r.Violated(o, list, "names no host")
		}
		pack.Each(r, o, places, func(at pack.Value) {
			switch host := at.Text(); {
			case host == "":
				r.Violated(o, at, "is missing")
			case strings.Contains(host, "*"):
				r.Violated(o, at, "is %s, for every such name", host)
			}
		})
	},
}

// places is where an object of the edge names hosts, and what lists them.
func places(o pack.Object) ([]pack.Value, pack.Value) {
	var all []pack.Value
	switch o.Kind {
	case "HTTPRoute":
		list := o.At("spec", "hostnames")
		return list.Items(), list
	case "Route":
		return []pack.Value{o.At("spec", "host")}, o.At("spec", "host")
	}
	list, key := o.At("spec", "rules"), "host"
	if o.Kind == "Gateway" {
		list, key = o.At("spec", "listeners"), "hostname"
	}
	for _, item := range list.Items() {
		if item.Known() {
			item = item.At(key)
		}
		all = append(all, item)
	}
	return all, list
}
