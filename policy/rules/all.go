// Package rules gathers the rules of all groups into the pack.
package rules

import (
	"slices"

	"platform/policy/exceptions"
	"platform/policy/pack"
	"platform/policy/rules/access"
	"platform/policy/rules/availability"
	"platform/policy/rules/batch"
	"platform/policy/rules/images"
	"platform/policy/rules/ingress"
	"platform/policy/rules/limits"
	"platform/policy/rules/metadata"
	"platform/policy/rules/monitoring"
	"platform/policy/rules/network"
	"platform/policy/rules/plan"
	"platform/policy/rules/podsecurity"
	"platform/policy/rules/probes"
	"platform/policy/rules/reachability"
	"platform/policy/rules/references"
	"platform/policy/rules/secrets"
	"platform/policy/rules/services"
	"platform/policy/rules/storage"
	"platform/policy/serve"
)

// version is the pack's: the first number rises when a rule comes that stacks
// may break.
const version = "1.0.0"

// All are the rules of every group, in the order of the list. The one about
// exceptions is the last, for it judges what the others left.
func All() []pack.Rule {
	return slices.Concat(
		podsecurity.Rules, images.Rules, limits.Rules, probes.Rules, availability.Rules, services.Rules,
		network.Rules, storage.Rules, access.Rules, secrets.Rules, references.Rules, ingress.Rules, batch.Rules,
		metadata.Rules, monitoring.Rules, plan.Rules, reachability.Rules,
		[]pack.Rule{exceptions.AreUsed},
	)
}

// Pack is what is served: all rules, and who may break them.
func Pack() serve.Pack {
	return serve.Pack{
		Name: "platform", Version: version, Description: "What every resource of the platform has to keep to.",
		Rules: All(), Exceptions: exceptions.All,
	}
}
