package plan

import (
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// providerType is that of the resource that speaks with a cluster.
const providerType = "pulumi:providers:kubernetes"

// clusterDecision is why a provider has the settings that it has.
const clusterDecision = "docs/decisions/0005-no-strict-mode.md"

// defaultProvider matches the names that the engine gives to providers of its
// own making: with a version, and without.
var defaultProvider = regexp.MustCompile(`^default(?:_|$)`)

// collections are components that make other objects: they have no provider
// themselves.
var collections = []string{"Chart", "ConfigFile", "ConfigGroup", "Directory"}

var explicitProvider = pack.Rule{
	Name: "object-has-an-explicit-provider", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a default provider goes where the kubeconfig of whoever deploys points at that moment",
	Remedy:    "pass the stack's provider to the component above, and keep pulumi:disable-default-providers at *",
	Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/2423",
	Object: func(o pack.Object, r *pack.Report) {
		switch {
		case o.Kind == "" || slices.Contains(collections, o.Kind):
		case o.Provider == nil:
			r.Violated(o, pack.Value{}, "has no provider")
		case string(o.Provider.Type) != providerType:
			r.Violated(o, pack.Value{}, "has a provider of type %s", o.Provider.Type)
		case defaultProvider.MatchString(o.Provider.Name):
			r.Violated(o, pack.Value{}, "has the default provider %s", o.Provider.Name)
		}
	},
}
