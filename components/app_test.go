package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSelectorIsFrozen(t *testing.T) {
	want := map[string]string{"app": "backend", "app.kubernetes.io/instance": "co2-calculator"}
	assert.Equal(t, want, app().Selector("backend"), "a changed selector deletes every Deployment and makes it anew")
	assert.Subset(t, app().Labels("backend"), want)
}

func TestLabelsTellComponentAndEnvironment(t *testing.T) {
	labels := app().Labels("backend")
	assert.Equal(t, "backend", labels["app.kubernetes.io/name"])
	assert.Equal(t, "co2-calculator", labels["app.kubernetes.io/part-of"])
	assert.Equal(t, "pulumi", labels["app.kubernetes.io/managed-by"])
	assert.Equal(t, "dev", labels["platform/environment"])
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

func TestEveryObjectIsLabelledAndInTheNamespace(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, r := range resources {
			if !r.Custom {
				continue
			}
			what := r.Type + " " + r.Name
			metadata := r.Inputs["metadata"]
			assert.Equal(t, "dev", dig(metadata, "labels", "platform/environment"), what)
			assert.Equal(t, "co2-calculator", dig(metadata, "labels", "app.kubernetes.io/part-of"), what)
			if !strings.HasSuffix(r.Type, ":Namespace") {
				assert.Contains(t, []any{namespaceName, namespaceName + "-auto"}, dig(metadata, "namespace"), what)
			}
		}
	})
}

func TestEverySelectorHasTheTwoFrozenLabels(t *testing.T) {
	paths := map[string][]any{
		"Deployment":          {"spec", "selector", "matchLabels"},
		"StatefulSet":         {"spec", "selector", "matchLabels"},
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
