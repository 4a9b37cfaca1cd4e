package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
	"platform/tests/recorder"
)

// keys are TYPE NAME of every resource.
func keys(resources []recorder.Resource) map[string]recorder.Resource {
	found := map[string]recorder.Resource{}
	for _, r := range resources {
		found[r.Type+" "+r.Name] = r
	}
	return found
}

// difference lists what is new and what has other inputs, but for the provider,
// whose inputs name the run's folder.
func difference(before, after map[string]recorder.Resource) (added, changed []string) {
	for key, r := range after {
		was, ok := before[key]
		switch {
		case !ok:
			added = append(added, key)
		case !assert.ObjectsAreEqual(was.Inputs, r.Inputs) && r.Type != "pulumi:providers:kubernetes":
			changed = append(changed, key)
		}
	}
	return added, changed
}

// TestServiceNeedsOnlyItsEntry adds a service to a stack and looks at what
// that makes: its own objects, its way in and out, and nothing else.
func TestServiceNeedsOnlyItsEntry(t *testing.T) {
	cfg := rendered(t, "local").(*config.EPFL)
	before := keys(record(t, "local", cfg))
	amounts := config.Amounts{CPU: resource.MustParse("10m"), Memory: resource.MustParse("16Mi")}
	cfg.Services = map[string]config.Service{"docs": {
		Image: "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", Replicas: 2, Port: 8080, User: 101, Path: "/docs",
		Resources: config.Resources{Requests: amounts, Limits: amounts}, Reaches: []string{"backend"},
	}}
	after := keys(record(t, "local", cfg))

	added, changed := difference(before, after)
	assert.ElementsMatch(t, []string{
		"platform:components:Workload docs",
		"kubernetes:apps/v1:Deployment docs",
		"kubernetes:core/v1:Service docs",
		"kubernetes:core/v1:ServiceAccount docs",
		"kubernetes:policy/v1:PodDisruptionBudget docs",
		"kubernetes:networking.k8s.io/v1:NetworkPolicy docs-network-policy",
	}, added)
	assert.ElementsMatch(t, []string{
		"kubernetes:networking.k8s.io/v1:Ingress edge",                         // its path
		"kubernetes:networking.k8s.io/v1:NetworkPolicy backend-network-policy", // lets it in
	}, changed)
	for key := range before {
		assert.Contains(t, after, key, "nothing is taken away")
	}
}

// TestEverySelectorFindsItsPods joins policies, budgets and services to the
// pods they select: a typing slip there protects or serves nothing.
func TestEverySelectorFindsItsPods(t *testing.T) {
	for _, stack := range config.Stacks() {
		resources := record(t, stack, rendered(t, stack))
		pods := podLabels(resources)
		require.NotEmpty(t, pods)
		for _, r := range resources {
			var labels map[string]any
			switch r.Type {
			case "kubernetes:core/v1:Service":
				labels = at(r.Inputs, "spec", "selector")
			case "kubernetes:policy/v1:PodDisruptionBudget":
				labels = at(r.Inputs, "spec", "selector", "matchLabels")
			case "kubernetes:networking.k8s.io/v1:NetworkPolicy":
				if labels = at(r.Inputs, "spec", "podSelector", "matchLabels"); len(labels) == 0 {
					continue // the default deny selects all
				}
			default:
				continue
			}
			assert.True(t, selects(labels, pods), "%s %s of stack %s selects no pod: %v", r.Type, r.Name, stack, labels)
		}
	}
}

func podLabels(resources []recorder.Resource) []map[string]any {
	var pods []map[string]any
	for _, r := range resources {
		labels := at(r.Inputs, "spec", "template", "metadata", "labels")
		if labels == nil {
			labels = at(r.Inputs, "spec", "jobTemplate", "spec", "template", "metadata", "labels")
		}
		if labels != nil {
			pods = append(pods, labels)
		}
	}
	return pods
}

func selects(selector map[string]any, pods []map[string]any) bool {
	for _, labels := range pods {
		all := true
		for key, value := range selector {
			all = all && labels[key] == value
		}
		if all && len(selector) > 0 {
			return true
		}
	}
	return false
}

// at walks down nested objects; nil if there is none.
func at(object map[string]any, path ...string) map[string]any {
	for _, key := range path {
		next, ok := object[key].(map[string]any)
		if !ok {
			return nil
		}
		object = next
	}
	return object
}
