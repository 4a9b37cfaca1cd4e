package services

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var allowedType = pack.Rule{
	Name: "service-stays-in-the-cluster", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "a NodePort or LoadBalancer opens a port of the nodes' network to whoever reaches it, past the edge and its TLS",
	Remedy:     "set type to ClusterIP and publish the Service through the edge",
	Reference:  "NSA/CISA Kubernetes Hardening Guide 1.2, network separation and hardening",
	Parameters: map[string]any{"types": []any{"ClusterIP"}},
	Kinds:      []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "type")
		kind := at.Text()
		if kind == "" {
			kind = "ClusterIP"
		}
		if !slices.Contains(r.List("types"), kind) {
			r.Violated(o, at, "is %s", kind)
		}
	},
}
