package services

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// sharingKeys are the annotations that let Services have one address, the
// present one first.
var sharingKeys = []string{"metallb.io/allow-shared-ip", "metallb.universe.tf/allow-shared-ip"}

var balancerShared = pack.Rule{
	Name: "load-balancers-share-an-address-rightly", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "of two Services that ask for one address without being fit to share it, the later stays without",
	Remedy:    "give both the same allow-shared-ip, ports of their own and, with externalTrafficPolicy Local, the same selector",
	Reference: "https://metallb.io/usage/#ip-address-sharing",
	Stack: func(s *pack.Stack, r *pack.Report) {
		var all []pack.Object
		pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
			if balances(service) {
				all = append(all, service)
			}
		})
		for i, one := range all {
			pack.Each(r, one, all[i+1:], func(other pack.Object) {
				if !sameAddress(one, other) {
					return
				}
				if why := unfit(one, other); why != "" {
					r.Violated(other, asked(other), "is the address of %s, and %s", one, why)
				}
			})
		}
	},
}

func sameAddress(one, other pack.Object) bool {
	wanted, _ := addresses(asked(one).Text())
	also, _ := addresses(asked(other).Text())
	return slices.ContainsFunc(wanted, func(address netip.Addr) bool { return slices.Contains(also, address) })
}

// unfit is why two Services cannot share an address; empty where they can.
func unfit(one, other pack.Object) string {
	key := sharing(one)
	switch {
	case key == "" || key != sharing(other):
		return "they have no allow-shared-ip in common"
	case pack.Some(one.At("spec", "ports").Items(), func(port pack.Value) bool {
		return pack.Some(other.At("spec", "ports").Items(), func(same pack.Value) bool { return number(port) == number(same) })
	}):
		return "they have a port in common"
	case !local(one) && !local(other):
		return ""
	case !local(one) || !local(other):
		return "only one has externalTrafficPolicy Local"
	case !maps.Equal(one.At("spec", "selector").TextMap(), other.At("spec", "selector").TextMap()):
		return "with externalTrafficPolicy Local they have to lead to the same pods"
	}
	return ""
}

func sharing(service pack.Object) string {
	for _, key := range sharingKeys {
		if text := service.At("metadata", "annotations", key).Text(); text != "" {
			return text
		}
	}
	return ""
}

func number(port pack.Value) string {
	return fmt.Sprintf("%d/%s", port.At("port").Int(), port.Protocol())
}

func local(service pack.Object) bool { return service.At("spec", "externalTrafficPolicy").Is("Local") }
