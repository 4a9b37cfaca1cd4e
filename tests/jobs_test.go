package tests

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
)

// TestJobsWaitForTheirDatabase looks at every Job of every stack. Where network
// policies are enforced, a new pod reaches nobody for a moment: one that asks
// its database at once fails, and so does each retry.
func TestJobsWaitForTheirDatabase(t *testing.T) {
	found := 0
	for _, stack := range []string{"local", "dev", "staging", "prod", "k3s", "k3s-local"} {
		for _, r := range record(t, stack, rendered(t, stack)) {
			pod, ok := podTemplate(t, r)
			if !ok || pod.Spec.RestartPolicy == "" || pod.Spec.RestartPolicy == corev1.RestartPolicyAlways || !asksDatabase(pod.Spec) {
				continue
			}
			found++
			waits := slices.ContainsFunc(pod.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == "wait" })
			assert.True(t, waits, "%s of stack %s waits for its database", r.Name, stack)
		}
	}
	assert.Positive(t, found)
}

func asksDatabase(pod corev1.PodSpec) bool {
	return slices.ContainsFunc(pod.Containers, func(c corev1.Container) bool {
		return slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool {
			return e.Name == "PGHOST" || e.Name == "DATABASE_HOST" || e.Name == "DATABASE_URL"
		})
	})
}
