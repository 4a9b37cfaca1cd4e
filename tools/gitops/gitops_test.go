package gitops

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
)

func TestAnnotated(t *testing.T) {
	waves := map[string]int{"Deployment/core/web": 1, "Job/core/init": 0}
	for name, tc := range map[string]struct {
		manifest string
		want     map[string]any // annotations
	}{
		"after a Job":  {"kind: Deployment\nmetadata: {name: web, namespace: core}", map[string]any{syncWave: "1"}},
		"at first":     {"kind: ConfigMap\nmetadata: {name: web, namespace: core}", nil},
		"a Job":        {"kind: Job\nmetadata: {name: init, namespace: core}", map[string]any{syncHook: "Sync", hookDelete: "BeforeHookCreation"}},
		"holds data":   {"kind: PersistentVolumeClaim\nmetadata: {name: data, namespace: core}", map[string]any{syncOptions: kept}},
		"an address":   {"kind: Service\nmetadata: {name: edge, namespace: core}\nspec: {type: LoadBalancer}", map[string]any{syncOptions: kept}},
		"none":         {"kind: Service\nmetadata: {name: web, namespace: core}\nspec: {type: ClusterIP}", nil},
		"cluster-wide": {"kind: Namespace\nmetadata: {name: core}", map[string]any{syncOptions: kept}},
		"of its own": {
			"kind: Namespace\nmetadata: {name: core, annotations: {team: a}}", map[string]any{"team": "a", syncOptions: kept},
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := annotated([]byte("# head\n"+tc.manifest+"\n"), waves)
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(string(text), "# head\n"))
			var object map[string]any
			require.NoError(t, yaml.Unmarshal(text, &object))
			annotations, _ := object["metadata"].(map[string]any)["annotations"].(map[string]any)
			assert.Equal(t, tc.want, annotations)
		})
	}
}

// Git keeps what it once had: a value in it is lost, and one without a value
// would empty the Secret in the cluster.
func TestSecretsAreNotKeptInGit(t *testing.T) {
	_, err := annotated([]byte("# head\nkind: Secret\nmetadata: {name: a, namespace: core}\n"), nil)
	require.ErrorIs(t, err, errSecret)
}

func TestApplication(t *testing.T) {
	cfg, err := config.ReadFile("prod", "../../Pulumi.prod.yaml")
	require.NoError(t, err)
	text, err := Options{Stack: "prod", Config: cfg, Repository: "https://github.com/team/platform", Branch: "rendered"}.application()
	require.NoError(t, err)
	var application struct {
		Metadata struct{ Name, Namespace string }
		Spec     struct {
			Source      struct{ RepoURL, TargetRevision, Path string }
			Destination struct{ Name, Namespace string }
			SyncPolicy  struct {
				Automated   struct{ Prune, SelfHeal bool }
				SyncOptions []string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &application))
	assert.Equal(t, "platform-prod", application.Metadata.Name)
	assert.Equal(t, "https://github.com/team/platform rendered prod",
		strings.Join([]string{application.Spec.Source.RepoURL, application.Spec.Source.TargetRevision, application.Spec.Source.Path}, " "))
	assert.Equal(t, "co2-calculator-prod", application.Spec.Destination.Namespace)
	assert.Equal(t, cfg.Shared().Cluster.Context, application.Spec.Destination.Name)
	assert.True(t, application.Spec.SyncPolicy.Automated.SelfHeal)
	assert.Contains(t, application.Spec.SyncPolicy.SyncOptions, "ServerSideApply=true")
}
