package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/workload"
	"platform/config"
)

// placed is the pod of the fixtures' workload after a change.
func placed(t *testing.T, mutate func(*workload.Args)) any {
	t.Helper()
	args := workloadArgs()
	mutate(&args)
	return run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).pod(t, "Deployment")
}

func TestTolerations(t *testing.T) {
	tolerating := func(all ...config.Toleration) any {
		return dig(placed(t, func(a *workload.Args) { a.Pod.Tolerations = all }), "spec", "tolerations")
	}
	assert.Nil(t, tolerating())
	assert.Equal(t, []any{
		map[string]any{"operator": "Exists", "key": "node-role.kubernetes.io/control-plane"},
		map[string]any{"operator": "Exists", "key": "node-role.kubernetes.io/etcd", "effect": "NoExecute"},
	}, tolerating(
		config.Toleration{Key: "node-role.kubernetes.io/control-plane"},
		config.Toleration{Key: "node-role.kubernetes.io/etcd", Effect: "NoExecute"},
	))
	assert.Equal(t, []any{map[string]any{"operator": "Exists"}}, tolerating(config.Toleration{}), "every taint, as the clean-up's")
}

// Spread pods may share a node that is the last; pods apart may not.
func TestPodsApart(t *testing.T) {
	apart := placed(t, func(a *workload.Args) { a.Pod.Apart, a.Replicas = true, 3 })
	labels := map[string]any{"app": "api", "app.kubernetes.io/instance": "co2-calculator"}
	assert.Equal(t, map[string]any{
		"podAntiAffinity": map[string]any{
			"requiredDuringSchedulingIgnoredDuringExecution": []any{map[string]any{
				"topologyKey": "kubernetes.io/hostname", "labelSelector": map[string]any{"matchLabels": labels},
			}},
		},
	}, dig(apart, "spec", "affinity"))
	assert.Nil(t, dig(placed(t, func(a *workload.Args) { a.Replicas = 3 }), "spec", "affinity"))
}

func TestPlacementFollowsFrozenSelectors(t *testing.T) {
	pod := placed(t, func(a *workload.Args) {
		a.App.Selectors = map[string]map[string]string{"api": {"app": "old"}}
		a.Pod.Apart, a.Replicas = true, 2
	})
	frozen := map[string]any{"matchLabels": map[string]any{"app": "old"}}
	term := dig(pod, "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution", 0)
	assert.Equal(t, frozen, dig(term, "labelSelector"), "or it would keep clear of nobody")
	assert.Equal(t, frozen, dig(pod, "spec", "topologySpreadConstraints", 0, "labelSelector"))
}
