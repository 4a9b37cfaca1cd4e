//go:build e2e

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var networkPolicies = schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"}

// reachesAsComputed measures who reaches whom. Then it takes each policy away
// for the time of one measurement, which has to show it.
func (r *real) reachesAsComputed(t *testing.T) {
	t.Run("as computed", func(t *testing.T) {
		out, err := r.try("reach", "LIVE=1")
		require.NoError(t, err, out)
		t.Log(lastLines(out, 3))
	})
	if !everyCase {
		return
	}
	policies := r.live.dynamic.Resource(networkPolicies).Namespace(r.live.namespace)
	list, err := policies.List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, list.Items)
	for _, policy := range list.Items {
		t.Run("without "+policy.GetName(), func(t *testing.T) {
			require.NoError(t, policies.Delete(context.Background(), policy.GetName(), metav1.DeleteOptions{}))
			var out string
			for range 3 { // nodes learn of it a moment later
				if out, err = r.try("reach", "LIVE=1"); err != nil {
					break
				}
			}
			assert.Error(t, err, "nothing differs:\n%s", out)
			t.Log(lastLines(out, 1))
			fresh := policy.DeepCopy()
			for _, field := range []string{"resourceVersion", "uid", "creationTimestamp", "generation"} {
				delete(fresh.Object["metadata"].(map[string]any), field)
			}
			_, err = policies.Create(context.Background(), fresh, metav1.CreateOptions{})
			require.NoError(t, err)
		})
	}
	out, err := r.try("reach", "LIVE=1")
	require.NoError(t, err, "with all of them again:\n%s", out)
}

// lastLines are the last lines of an output.
func lastLines(out string, n int) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
