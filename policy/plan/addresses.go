package plan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"go4.org/netipx"

	"platform/config"
)

// asking are the annotations by which a Service asks MetalLB for addresses; the
// second is the name that they had before version 0.13.
var asking = []string{"metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"}

// addresses are those that a Service or a pool gives up and stays.
func addresses(steps []apitype.StepEventMetadata) []Change {
	var changes []Change
	for _, step := range steps {
		if step.Old == nil || step.New == nil {
			continue
		}
		var why, loses string
		switch kindOf(step.Old.Type) {
		case "Service":
			why, loses = givenUp(*step.Old, *step.New), "whoever reaches it there does so no more: have names and routers point at the new one first"
		case "IPAddressPool":
			why, loses = poolLess(*step.Old, *step.New), losses["IPAddressPool"]
		}
		if why != "" {
			changes = append(changes, Change{Resource: named(*step.Old), URN: step.URN, Kind: config.WaiveAddress, Why: why, Loses: loses})
		}
	}
	return changes
}

// givenUp tells what a Service with an address of a load balancer asks for
// otherwise; empty where it keeps that. One that has asked for none in
// particular has the one that it was given.
func givenUp(old, now apitype.StepEventStateMetadata) string {
	if !Holds("Service", old.Inputs) {
		return ""
	}
	if kind := text(now.Inputs, "spec", "type"); kind != "LoadBalancer" {
		return fmt.Sprintf("type LoadBalancer → %s", listed([]string{kind}))
	}
	before, after := asked(old.Inputs), asked(now.Inputs)
	if strings.Contains(strings.Join(after, ""), Unknown) {
		return ""
	}
	if len(before) == 0 && len(after) > 0 {
		for _, one := range items(old.Outputs, "status", "loadBalancer", "ingress") {
			before = append(before, text(one, "ip"))
		}
	}
	if slices.ContainsFunc(before, func(address string) bool { return !slices.Contains(after, address) }) {
		return fmt.Sprintf("address %s → %s", listed(before), listed(after))
	}
	return ""
}

// asked are the addresses that a Service asks for.
func asked(service map[string]any) []string {
	all := []string{text(service, "spec", "loadBalancerIP")}
	for _, annotation := range asking {
		all = append(all, strings.Split(text(service, "metadata", "annotations", annotation), ",")...)
	}
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(address string) bool { return address == "" })
}

// poolLess tells what addresses a pool had and has no more.
func poolLess(old, now apitype.StepEventStateMetadata) string {
	before, known := pooled(old)
	after, knownToo := pooled(now)
	if !known || !knownToo {
		return ""
	}
	var gone netipx.IPSetBuilder
	gone.AddSet(before)
	gone.RemoveSet(after)
	set, err := gone.IPSet()
	if err != nil || len(set.Ranges()) == 0 {
		return ""
	}
	var ranges []string
	for _, one := range set.Ranges() {
		if one.From() == one.To() {
			ranges = append(ranges, one.From().String())
			continue
		}
		ranges = append(ranges, one.String())
	}
	return "no more in it: " + strings.Join(ranges, ", ")
}

// pooled are the addresses of a pool, written as FROM-TO or as a prefix; false
// where one is neither, such as one that is not known yet.
func pooled(pool apitype.StepEventStateMetadata) (*netipx.IPSet, bool) {
	var all netipx.IPSetBuilder
	for _, one := range items(pool.Inputs, "spec", "addresses") {
		written, _ := one.(string)
		from, to, isRange := strings.Cut(written, "-")
		if prefix, err := netip.ParsePrefix(written); err == nil {
			all.AddPrefix(prefix.Masked())
			continue
		}
		parsed, err := netipx.ParseIPRange(strings.TrimSpace(from) + "-" + strings.TrimSpace(to))
		if !isRange || err != nil {
			return nil, false
		}
		all.AddRange(parsed)
	}
	set, err := all.IPSet()
	return set, err == nil
}
