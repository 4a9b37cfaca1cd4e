package mutation

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

const groupAvailability = "availability"

var (
	budgets  = []string{"PodDisruptionBudget"}
	scalers  = []string{"HorizontalPodAutoscaler"}
	replicas = []string{"Deployment", "StatefulSet"}
)

// Of the policies for unhealthy pods none is the weaker one, so that only the
// absence of a choice is a mutant.
var availability = []Operator{
	{Group: groupAvailability, Name: "the budget", Kinds: budgets},
	{Group: groupAvailability, Name: "minAvailable", Kinds: budgets, At: "spec minAvailable", Do: []Change{set(0), set("100%"), removed}},
	{Group: groupAvailability, Name: "unhealthyPodEvictionPolicy", Kinds: budgets, At: "spec unhealthyPodEvictionPolicy", Do: []Change{removed}},
	{Group: groupAvailability, Name: "selector of the budget", Kinds: budgets, At: "spec selector matchLabels app", Do: []Change{set("nobody")}},
	{Group: groupAvailability, Name: "selector of the budget", Kinds: budgets, At: "spec selector", Do: []Change{removed, set(map[string]any{})}},
	{Group: groupAvailability, Name: "the autoscaler", Kinds: scalers},
	{Group: groupAvailability, Name: "minReplicas", Kinds: scalers, At: "spec minReplicas", Do: []Change{set(1), removed}},
	{Group: groupAvailability, Name: "target of the autoscaler", Kinds: scalers, At: "spec scaleTargetRef name", Do: []Change{set("nobody")}},
	{Group: groupAvailability, Name: "replicas", Kinds: replicas, At: "spec replicas", Do: []Change{number("to one", func(old float64) float64 { return min(old, 1) })}},
	{Group: groupAvailability, Name: "strategy", Kinds: []string{"Deployment"}, At: "spec strategy", Do: []Change{{"to RollingUpdate", func(s Site) (resource.PropertyValue, bool) {
		single := s.Object.At("spec", "strategy", "type").Is("Recreate")
		return resource.NewPropertyValue(map[string]any{"type": "RollingUpdate"}), single
	}}}},
	{Group: groupAvailability, Name: "strategy", Kinds: []string{"Deployment"}, At: "spec strategy", Where: recreated, Do: []Change{removed}},
	{Group: groupAvailability, Name: "topologySpreadConstraints", Kinds: replicas, At: "pod spec topologySpreadConstraints", Do: []Change{removed}},
}

func recreated(s Site) bool { return s.Object.At("spec", "strategy", "type").Is("Recreate") }
