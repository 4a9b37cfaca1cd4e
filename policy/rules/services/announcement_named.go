package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var announcementNamed = pack.Rule{
	Name: "announcement-names-its-pools", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "an announcement without pools is one of every pool of the cluster, those of others included",
	Remedy:    "list the pools in ipAddressPools",
	Reference: "https://metallb.io/configuration/_advanced_l2_configuration/",
	Kinds:     []string{"L2Advertisement", "BGPAdvertisement"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "ipAddressPools"); len(at.Items()) == 0 && len(o.At("spec", "ipAddressPoolSelectors").Items()) == 0 {
			r.Violated(o, at, "names none, which means all")
		}
	},
}
