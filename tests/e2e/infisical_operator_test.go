//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// delivers hands the Secrets over to the operator, whose part the test plays.
func delivers(t *testing.T, c *checkout, l live, v *vault) {
	before, templates := l.versions("secrets"), podTemplates(l)
	c.edit("local", "platform:secrets.delivery", "operator")
	c.edit("local", "platform:secrets.infisical.auth", map[string]any{"name": "infisical", "namespace": "infisical"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go reconcile(ctx, l)
	asked := len(v.Requests())
	c.make("up")
	assert.Len(t, v.Requests(), asked, "the program reads no value")
	for name, version := range before {
		assert.Equal(t, version, l.versions("secrets")[name], "Secret %s stays as it was until the operator writes it", name)
	}
	assert.Equal(t, templates, podTemplates(l), "pods are the same but for the hash of the values")
	made, err := l.dynamic.Resource(staticSecrets).Namespace(l.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(t, err)
	var names []string
	for _, one := range made.Items {
		names = append(names, one.GetName())
		text, err := one.MarshalJSON()
		require.NoError(t, err)
		v.hidden(t, "InfisicalStaticSecret "+one.GetName(), string(text))
	}
	assert.ElementsMatch(t, []string{"backend-secrets", "postgres-credentials", "redis-auth"}, names)
	c.make("preview", "ARGS=--expect-no-changes")
}

var staticSecrets = schema.GroupVersionResource{Group: "secrets.infisical.com", Version: "v1beta1", Resource: "infisicalstaticsecrets"}

// reconcile says of each resource of the operator that it has been reconciled.
func reconcile(ctx context.Context, l live) {
	for ; ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
		made, err := l.dynamic.Resource(staticSecrets).Namespace(l.namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			continue
		}
		for _, one := range made.Items {
			done, _, _ := unstructured.NestedSlice(one.Object, "status", "conditions")
			if len(done) > 0 && done[0].(map[string]any)["observedGeneration"] == one.GetGeneration() {
				continue
			}
			status := fmt.Sprintf(`{"status":{"conditions":[{"type":"secrets.infisical.com/LastReconcileStatus","status":"True","reason":"OK",`+
				`"message":"reconciled","lastTransitionTime":%q,"observedGeneration":%d}]}}`, time.Now().UTC().Format(time.RFC3339), one.GetGeneration())
			_, _ = l.dynamic.Resource(staticSecrets).Namespace(l.namespace).
				Patch(ctx, one.GetName(), types.MergePatchType, []byte(status), metav1.PatchOptions{}, "status") // the next round tries again
		}
	}
}

// podTemplates are those of the Deployments, without the hash of what they read.
func podTemplates(l live) map[string]string {
	all := map[string]string{}
	for name, deployment := range l.deployments() {
		template := deployment.Spec.Template.DeepCopy()
		delete(template.Annotations, "platform/revision")
		text, err := json.Marshal(template)
		require.NoError(l.t, err)
		all[name] = string(text)
	}
	return all
}
