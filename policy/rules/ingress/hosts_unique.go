package ingress

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostsUnique = pack.Rule{
	Name: "edge-serves-each-path-once", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "which of two answers for the same path of a host is the controller's choice, and changes when either is made anew",
	Remedy:    "leave each path of a host to one object, and to one rule of it",
	Reference: "https://gateway-api.sigs.k8s.io/api-types/httproute/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		for _, kind := range []string{"HTTPRoute", "Ingress", "Route"} {
			taken := map[string]pack.Object{}
			take := func(o pack.Object, at pack.Value, parts ...string) {
				key := strings.Join(parts, " ")
				if first, twice := taken[key]; twice {
					r.Violated(o, at, "is %s, which %s serves already", strings.TrimSpace(strings.Join(parts[:2], "")), first)
					return
				}
				taken[key] = o
			}
			pack.Each(r, nil, s.Kinds(kind), func(o pack.Object) { claims[kind](r, o, take) })
		}
	},
}

// claims tell what an object serves: a host, a path, and what else has to be
// the same for two to be in each other's way.
var claims = map[string]func(*pack.Report, pack.Object, func(pack.Object, pack.Value, ...string)){
	"Ingress": func(r *pack.Report, o pack.Object, take func(pack.Object, pack.Value, ...string)) {
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("http", "paths").Items(), func(path pack.Value) {
				take(o, path.At("path"), rule.At("host").Text(), or(path.At("path").Text(), "/"), path.At("pathType").Text())
			})
		})
	},
	"Route": func(_ *pack.Report, o pack.Object, take func(pack.Object, pack.Value, ...string)) {
		take(o, o.At("spec", "path"), o.At("spec", "host").Text(), or(o.At("spec", "path").Text(), "/"))
	},
	"HTTPRoute": func(r *pack.Report, o pack.Object, take func(pack.Object, pack.Value, ...string)) {
		for _, parent := range o.At("spec", "parentRefs").Items() {
			for _, host := range o.At("spec", "hostnames").Items() {
				pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
					pack.Each(r, o, rule.At("matches").Items(), func(match pack.Value) {
						if keys := match.Keys(); len(keys) != 1 || keys[0] != "path" {
							return // headers and methods tell requests apart, too
						}
						path := match.At("path")
						take(o, path, host.Text(), path.At("value").Text(), or(path.At("type").Text(), "PathPrefix"),
							parent.At("namespace").Text(), parent.At("name").Text(), parent.At("sectionName").Text())
					})
				})
			}
		}
	},
}
