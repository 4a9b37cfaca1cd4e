package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var quotaExists = pack.Rule{
	Name: "namespace-has-a-quota", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "what runs in one namespace can take the nodes of all others",
	Remedy:    "add a ResourceQuota to the namespace",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, Resource policies",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
			if !has(s, "ResourceQuota", namespace) {
				r.Violated(namespace, pack.Value{}, "has no ResourceQuota")
			}
		})
	},
}

func has(s *pack.Stack, kind string, namespace pack.Object) bool {
	name := namespace.At("metadata", "name").Text()
	return pack.Some(s.Kinds(kind), func(o pack.Object) bool { return o.At("metadata", "namespace").Is(name) })
}
