// Package rules gathers the rules of all groups into the pack.
package rules

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
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
	"platform/policy/settings"
)

// version is the pack's: the first number rises when a rule comes that stacks
// may break.
const version = "1.0.0"

// All are the rules of every group, in the order of the list. The one about
// exceptions is the last, for it checks what the others left.
func All() []pack.Rule {
	return slices.Concat(
		podsecurity.Rules, images.Rules, limits.Rules, probes.Rules, availability.Rules, services.Rules,
		network.Rules, storage.Rules, access.Rules, secrets.Rules, references.Rules, ingress.Rules, batch.Rules,
		metadata.Rules, monitoring.Rules, plan.Rules, reachability.Rules,
		[]pack.Rule{AreUsed},
	)
}

// AreUsed is the rule about the exceptions themselves. It runs after all others,
// since it checks what they left. In a run it advises: a service that is scaled
// up or removed needs its exception no longer and deploys all the same. The unit
// tests take it for an error.
var AreUsed = pack.Rule{
	Name: "exceptions-are-used", Group: pack.Plan, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
	Reason:    "an exception that nothing needs covers the next mistake before anybody sees it",
	Remedy:    "take the exception out of policy/settings/settings.yaml",
	Reference: "docs/policy.md",
	Last:      true,
	Stack: func(s *pack.Stack, r *pack.Report) {
		for _, e := range r.Unused(s) {
			subject := e.Kind + "/" + e.Name
			if e.Container != "" {
				subject += " container " + e.Container
			}
			r.Violated(nil, pack.Value{}, "the exception of %s to %s covers nothing in stack %s", subject, e.Rule, s.Name)
		}
	},
}

// Pack is what is served: all rules, and which objects may break them.
func Pack() serve.Pack {
	rules := All()
	return serve.Pack{
		Name: "platform", Version: version, Description: "What every resource of the platform has to keep to.",
		Rules: rules, Exceptions: settings.Exceptions(""),
		Configured: func(stack string, values map[string]string) (pack.Exceptions, map[string]map[string]any, error) {
			return settings.Configured(stack, values, rules)
		},
	}
}

// For returns all rules as they hold for a stack with this configuration.
func For(cfg config.Platform) (pack.Pack, error) {
	rules := All()
	exceptions, parameters, err := settings.Of(cfg, rules)
	return pack.Pack{Rules: rules, Exceptions: exceptions, Parameters: parameters}, err
}
