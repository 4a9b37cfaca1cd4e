package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/object"
)

func TestSelectorIsFrozen(t *testing.T) {
	want := map[string]string{"app": "backend", "app.kubernetes.io/instance": "co2-calculator"}
	assert.Equal(t, want, app().Selector("backend"), "a changed selector deletes every Deployment and makes it again")
	assert.Subset(t, app().Labels("backend"), want)
}

func TestLabelsTellComponentAndEnvironment(t *testing.T) {
	labels := app().Labels("backend")
	assert.Equal(t, "backend", labels["app.kubernetes.io/name"])
	assert.Equal(t, "co2-calculator", labels["app.kubernetes.io/part-of"])
	assert.Equal(t, "pulumi", labels["app.kubernetes.io/managed-by"])
	assert.Equal(t, "dev", labels["platform/environment"])
}

// frozen are the labels that pods of these components were selected by before
// this program took them over.
func frozen() object.App {
	old := app()
	old.Selectors = map[string]map[string]string{
		"api": {"app": "old", "tier": "backend"}, "agent": {"app": "agent"},
	}
	return old
}

func TestSelectorsOfOldStayFrozen(t *testing.T) {
	assert.Equal(t, map[string]string{"app": "old", "tier": "backend"}, frozen().Selector("api"))
	assert.Equal(t, app().Selector("backend"), frozen().Selector("backend"), "others have the usual ones")
	labels := frozen().Labels("api")
	assert.Equal(t, "old", labels["app"])
	assert.Equal(t, "backend", labels["tier"])
	assert.Equal(t, "api", labels["app.kubernetes.io/name"])
	assert.Equal(t, app().Labels("backend"), frozen().Labels("backend"))
}

// Whatever selects the pods selects them by the frozen labels, and the pods
// have them: a Deployment that selects others than its own is refused.
func TestFrozenSelectorsSelectThePods(t *testing.T) {
	want := map[string]any{"app": "old", "tier": "backend"}
	args := workloadArgs()
	args.App, args.Replicas = frozen(), 2
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	assert.Equal(t, want, dig(resources.one(t, "Deployment").Inputs, "spec", "selector", "matchLabels"))
	assert.Equal(t, want, dig(resources.one(t, "Service").Inputs, "spec", "selector"))
	assert.Equal(t, want, dig(resources.one(t, "PodDisruptionBudget").Inputs, "spec", "selector", "matchLabels"))
	assert.Subset(t, dig(resources.pod(t, "Deployment"), "metadata", "labels"), want)
}

func TestFrozenSelectorOfADaemon(t *testing.T) {
	want := map[string]any{"app": "agent"}
	args := daemonArgs()
	args.App = frozen()
	resources := run(t, func(ctx *pulumi.Context) error { return registerDaemon(ctx, args) })
	assert.Equal(t, want, dig(resources.one(t, "DaemonSet").Inputs, "spec", "selector", "matchLabels"))
	assert.Subset(t, dig(resources.pod(t, "DaemonSet"), "metadata", "labels"), want)
}

// parents is the chain of types above a resource, outermost first.
func parents(urn string) []string {
	if urn == "" {
		return nil
	}
	return strings.Split(strings.Split(urn, "::")[2], "$")
}

func TestEveryResourceHasAComponentAbove(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		tops := 0
		for _, r := range resources {
			chain := parents(r.Parent)
			if !r.Custom && (len(chain) == 0 || chain[0] == "pulumi:pulumi:Stack") {
				tops++
				continue
			}
			require.NotEmpty(t, chain, "%s %s", r.Type, r.Name)
			for _, one := range chain {
				assert.Contains(t, one, "platform:components:", "%s %s", r.Type, r.Name)
			}
		}
		assert.Equal(t, 1, tops, "a component inside another lies under it")
	})
}

// The engine refuses a second resource with the URN of another, which the
// recorder does not.
func TestEveryURNIsUnique(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		seen := map[string]bool{}
		for _, r := range resources {
			urn := strings.Join(parents(r.Parent), "$") + "$" + r.Type + "::" + r.Name
			assert.False(t, seen[urn], urn)
			seen[urn] = true
		}
	})
}

func TestEveryResourceGoesToTheClusterItWasGiven(t *testing.T) {
	onCluster(t, func(t *testing.T, resources record) {
		for _, r := range resources {
			if strings.HasPrefix(r.Type, "kubernetes:") {
				assert.Contains(t, r.Provider, "pulumi:providers:kubernetes::cluster::", "%s %s", r.Type, r.Name)
			}
		}
	})
}

// outside are the kinds that live in no namespace, or in another's.
var outside = map[string]any{
	"Namespace": nil, "GlobalNetworkPolicy": nil, "ClusterIssuer": nil,
	"IPAddressPool": "metallb-system", "L2Advertisement": "metallb-system",
}

func TestEveryObjectIsLabelledAndInTheNamespace(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, r := range resources {
			if !r.Custom {
				continue
			}
			what := r.Type + " " + r.Name
			metadata := r.Inputs["metadata"]
			namespace, elsewhere := outside[r.Type[strings.LastIndex(r.Type, ":")+1:]]
			if elsewhere {
				assert.Equal(t, namespace, dig(metadata, "namespace"), what)
			} else {
				assert.Contains(t, []any{namespaceName, namespaceName + "-auto"}, dig(metadata, "namespace"), what)
			}
			if namespace != nil { // another's namespace is no application's
				assert.Equal(t, "pulumi", dig(metadata, "labels", "app.kubernetes.io/managed-by"), what)
				continue
			}
			assert.Equal(t, "dev", dig(metadata, "labels", "platform/environment"), what)
			assert.Equal(t, "co2-calculator", dig(metadata, "labels", "app.kubernetes.io/part-of"), what)
		}
	})
}

func TestEverySelectorHasTheTwoFrozenLabels(t *testing.T) {
	paths := map[string][]any{
		"Deployment":          {"spec", "selector", "matchLabels"},
		"StatefulSet":         {"spec", "selector", "matchLabels"},
		"DaemonSet":           {"spec", "selector", "matchLabels"},
		"Service":             {"spec", "selector"},
		"PodDisruptionBudget": {"spec", "selector", "matchLabels"},
	}
	forEverything(t, func(t *testing.T, resources record) {
		for kind, path := range paths {
			for _, r := range resources.of(kind) {
				component := dig(r.Inputs, "metadata", "labels", "app")
				want := map[string]any{"app": component, "app.kubernetes.io/instance": "co2-calculator"}
				assert.Equal(t, want, dig(r.Inputs, path...), "%s %s", kind, r.Name)
			}
		}
	})
}

func TestNoSecretIsInClear(t *testing.T) {
	forEverything(t, requireClosed)
}
