package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var addressField = pack.Rule{
	Name: "service-asks-for-its-address-by-annotation", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "spec.loadBalancerIP is deprecated and read by some controllers only: the Service gets another address than it names",
	Remedy:    "name the address in the annotation metallb.io/loadBalancerIPs of a LoadBalancer",
	Reference: "https://metallb.io/usage/#requesting-specific-ips",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "loadBalancerIP"); at.Text() != "" {
			r.Violated(o, at, "is deprecated")
		}
		for _, key := range addressKeys {
			if at := o.At("metadata", "annotations", key); at.Set() && !o.At("spec", "type").Is("LoadBalancer") {
				r.Violated(o, o.At("spec", "type"), "is none that is given the address of %s", at.Path())
			}
		}
	},
}
