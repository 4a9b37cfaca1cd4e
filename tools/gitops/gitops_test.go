package gitops

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
)

// stack parses manifests; each has a name as Kind/name in the result.
func stack(t *testing.T, manifests ...string) map[string]*object {
	t.Helper()
	objects := map[string]*object{}
	for _, text := range manifests {
		o, err := parse("a.yaml", []byte("# head\n"+text+"\n"))
		require.NoError(t, err)
		objects[o.GetKind()+"/"+o.GetName()] = o
	}
	return objects
}

func annotations(t *testing.T, afterJobs map[string]int, manifests ...string) map[string]map[string]string {
	t.Helper()
	objects := stack(t, manifests...)
	require.NoError(t, annotate(slices.Collect(maps.Values(objects)), afterJobs))
	found := map[string]map[string]string{}
	for name, o := range objects {
		found[name] = o.GetAnnotations()
	}
	return found
}

func TestAnnotate(t *testing.T) {
	afterJobs := map[string]int{"Deployment/core/web": 1, "Job/core/init": 0}
	stays := map[string]string{syncOptions: "Prune=false,Delete=false", compareOptions: "IgnoreExtraneous"}
	for name, tc := range map[string]struct {
		manifest string
		want     map[string]string
	}{
		"after a Job":  {"kind: Deployment\nmetadata: {name: web, namespace: core}", map[string]string{syncWave: "1"}},
		"at first":     {"kind: ConfigMap\nmetadata: {name: web, namespace: core}", nil},
		"a Job":        {"kind: Job\nmetadata: {name: init, namespace: core}\nspec: {}", map[string]string{syncHook: "Sync", hookDelete: "BeforeHookCreation,HookSucceeded"}},
		"holds data":   {"kind: StatefulSet\nmetadata: {name: data, namespace: core}", stays},
		"an address":   {"kind: IPAddressPool\nmetadata: {name: edge, namespace: core}", stays},
		"none":         {"kind: Service\nmetadata: {name: web, namespace: core}\nspec: {type: ClusterIP}", nil},
		"cluster-wide": {"kind: Namespace\nmetadata: {name: core}", stays},
		"of its own": {
			"kind: Namespace\nmetadata: {name: core, annotations: {team: a}}", map[string]string{"team": "a", syncOptions: stays[syncOptions], compareOptions: stays[compareOptions]},
		},
	} {
		t.Run(name, func(t *testing.T) {
			objects := stack(t, tc.manifest)
			require.NoError(t, annotate(slices.Collect(maps.Values(objects)), afterJobs))
			for _, o := range objects {
				assert.Equal(t, tc.want, o.GetAnnotations())
				text, err := o.text()
				require.NoError(t, err)
				assert.True(t, strings.HasPrefix(string(text), "# head\n"))
			}
		})
	}
}

// A Job that failed and whose successor has another name is deleted by the
// cluster, and not at once: somebody reads its logs.
func TestAFailedJobGoesAfterADay(t *testing.T) {
	objects := stack(t, "kind: Job\nmetadata: {name: init, namespace: core}\nspec: {backoffLimit: 3}")
	job := objects["Job/init"]
	require.NoError(t, annotate([]*object{job}, nil))
	assert.Equal(t, map[string]any{"backoffLimit": 3.0, "ttlSecondsAfterFinished": int64(86400)}, job.Object["spec"])
}

// workload is a manifest whose pods have a label app, and what a template holds.
func workload(kind, name, spec string) string {
	template := "template: {metadata: {labels: {app: " + name + "}}, spec: " + spec + "}"
	if kind == "CronJob" {
		template = "jobTemplate: {spec: {" + template + "}}"
	}
	return "kind: " + kind + "\nmetadata: {name: " + name + ", namespace: core}\nspec: {" + template + "}"
}

func named(kind, name, spec string) string {
	return "kind: " + kind + "\nmetadata: {name: " + name + ", namespace: core}\nspec: " + spec
}

// Argo CD waits for all of a wave and gives up where one is not well, but for
// the last: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
func TestNothingWaitsForWhatWaits(t *testing.T) {
	claim := func(name string) string { return "{volumes: [{persistentVolumeClaim: {claimName: " + name + "}}]}" }
	secret := func(form string) string { return "{volumes: [{secret: {secretName: tls" + form + "}}]}" }
	certificate := named("Certificate", "wildcard", "{secretName: tls}")
	afterJobs := map[string]int{"Deployment/core/web": 2, "Deployment/core/files": 1, "Deployment/core/edge": 1}
	for name, tc := range map[string]struct {
		manifests []string
		want      map[string]string // waves; 0 is ""
	}{
		"an autoscaler is after what it scales": {
			[]string{named("HorizontalPodAutoscaler", "a", "{scaleTargetRef: {kind: Deployment, name: web}}"), workload("Deployment", "web", "{}")},
			map[string]string{"HorizontalPodAutoscaler/a": "3", "Deployment/web": "2"},
		},
		"and where nothing comes after a Job": {
			[]string{named("HorizontalPodAutoscaler", "a", "{scaleTargetRef: {kind: Deployment, name: other}}"), workload("Deployment", "other", "{}")},
			map[string]string{"HorizontalPodAutoscaler/a": "3", "Deployment/other": ""},
		},
		"an edge": {
			[]string{named("Ingress", "a", "{}"), named("HTTPRoute", "a", "{}"), named("Route", "a", "{}"), named("Service", "a", "{type: LoadBalancer}"), named("Service", "b", "{type: NodePort}")},
			map[string]string{"Ingress/a": "3", "HTTPRoute/a": "3", "Route/a": "3", "Service/a": "3", "Service/b": ""},
		},
		"a budget and scraping": {
			[]string{named("PodDisruptionBudget", "a", "{}"), named("PodMonitor", "a", "{}"), named("NetworkPolicy", "a", "{podSelector: {}}")},
			map[string]string{"PodDisruptionBudget/a": "3", "PodMonitor/a": "3", "NetworkPolicy/a": ""},
		},
		"a certificate, and the pods that mount it": {
			[]string{certificate, "kind: ClusterIssuer\nmetadata: {name: a}", workload("Deployment", "edge", secret("")), workload("Deployment", "files", "{}")},
			map[string]string{"Certificate/wildcard": "3", "ClusterIssuer/a": "3", "Deployment/edge": "3", "Deployment/files": "1"},
		},
		"pods that start without a certificate": {
			[]string{certificate, workload("Deployment", "edge", secret(", optional: true"))},
			map[string]string{"Certificate/wildcard": "3", "Deployment/edge": "1"},
		},
		"pods with a variable of a certificate": {
			[]string{certificate, workload("Deployment", "edge", "{containers: [{env: [{valueFrom: {secretKeyRef: {name: tls, key: a}}}]}]}")},
			map[string]string{"Deployment/edge": "3"},
		},
		"last night's run": {
			[]string{workload("CronJob", "dump", "{}")},
			map[string]string{"CronJob/dump": "3"},
		},
		"a claim is with the first that mounts it": {
			[]string{named("PersistentVolumeClaim", "data", "{}"), workload("Deployment", "web", claim("data")), workload("Deployment", "files", claim("data")), workload("CronJob", "dump", claim("data"))},
			map[string]string{"PersistentVolumeClaim/data": "1"},
		},
		"a claim that a run at night mounts": {
			[]string{named("PersistentVolumeClaim", "data", "{}"), workload("CronJob", "dump", claim("data"))},
			map[string]string{"PersistentVolumeClaim/data": "3"},
		},
		"a claim that nothing mounts": {
			[]string{named("PersistentVolumeClaim", "data", "{}")},
			map[string]string{"PersistentVolumeClaim/data": "3"},
		},
		"a claim that a Job mounts": {
			[]string{named("PersistentVolumeClaim", "data", "{}"), workload("Job", "load", claim("data"))},
			map[string]string{"PersistentVolumeClaim/data": ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			found := annotations(t, afterJobs, tc.manifests...)
			for object, wave := range tc.want {
				require.Contains(t, found, object)
				assert.Equal(t, wave, found[object][syncWave], object)
			}
		})
	}
}

// A claim may wait for its first pod until the night, and the Application is
// well all the same.
func TestOnlyAnIdleClaimsHealthIsIgnored(t *testing.T) {
	mounts := "{volumes: [{persistentVolumeClaim: {claimName: data}}]}"
	found := annotations(t, nil, named("PersistentVolumeClaim", "data", "{}"), workload("CronJob", "dump", mounts))
	assert.Equal(t, "true", found["PersistentVolumeClaim/data"][ignoreHealth])
	found = annotations(t, nil, named("PersistentVolumeClaim", "data", "{}"), workload("CronJob", "dump", mounts), workload("Deployment", "web", mounts))
	assert.NotContains(t, found["PersistentVolumeClaim/data"], ignoreHealth)
	assert.NotContains(t, found["Deployment/web"], ignoreHealth)
}

// A database that runs on keeps those away that its policies keep away, and
// starts again after its node has failed.
func TestWhatRunsOnKeepsWhatItNeeds(t *testing.T) {
	found := annotations(t, nil,
		workload("StatefulSet", "postgres", `{
			serviceAccountName: postgres, volumes: [{configMap: {name: settings}}, {projected: {sources: [{configMap: {name: more}}]}}],
			containers: [{envFrom: [{configMapRef: {name: variables}}], env: [{valueFrom: {configMapKeyRef: {name: one, key: a}}}]}],
		}`),
		workload("Deployment", "web", "{serviceAccountName: web, volumes: [{configMap: {name: pages}}]}"),
		named("NetworkPolicy", "postgres", "{podSelector: {matchLabels: {app: postgres}}}"),
		named("NetworkPolicy", "databases", "{podSelector: {matchExpressions: [{key: app, operator: In, values: [postgres, redis]}]}}"),
		named("NetworkPolicy", "default-deny", "{podSelector: {}}"),
		named("NetworkPolicy", "without-a-selector", "{policyTypes: [Ingress]}"),
		named("NetworkPolicy", "web", "{podSelector: {matchLabels: {app: web}}}"),
		"kind: NetworkPolicy\nmetadata: {name: elsewhere, namespace: other}\nspec: {podSelector: {}}",
		named("ServiceAccount", "postgres", "{}"), named("ServiceAccount", "web", "{}"),
		named("ConfigMap", "settings", "{}"), named("ConfigMap", "more", "{}"), named("ConfigMap", "variables", "{}"), named("ConfigMap", "one", "{}"), named("ConfigMap", "pages", "{}"),
	)
	var kept []string
	for name, notes := range found {
		if notes[syncOptions] == stays && notes[compareOptions] == unasked {
			kept = append(kept, name)
		}
	}
	assert.ElementsMatch(t, []string{
		"StatefulSet/postgres", "NetworkPolicy/postgres", "NetworkPolicy/databases", "NetworkPolicy/default-deny", "NetworkPolicy/without-a-selector",
		"ServiceAccount/postgres", "ConfigMap/settings", "ConfigMap/more", "ConfigMap/variables", "ConfigMap/one",
	}, kept)
}

// Git keeps what it once had: a value in it is lost, and one without a value
// would empty the Secret in the cluster.
func TestSecretsAreNotKeptInGit(t *testing.T) {
	err := annotate([]*object{stack(t, "kind: Secret\nmetadata: {name: a, namespace: core}")["Secret/a"]}, nil)
	require.ErrorIs(t, err, errSecret)
	require.ErrorContains(t, err, "Secret/core/a")
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
	assert.Contains(t, application.Spec.SyncPolicy.SyncOptions, "ServerSideApply=true")
}

// Nobody looks while a branch is applied, so that only what is added or changed
// is done without a reason.
func TestPruningAndSelfHealingNeedASetting(t *testing.T) {
	for name, tc := range map[string]struct {
		settings config.GitOps
		want     string // of the annotations and of what is automated
	}{
		"neither":   {config.GitOps{}, "map[] map[prune:false selfHeal:false]"},
		"prune":     {config.GitOps{Prune: &config.Automation{Reason: "one owner"}}, "map[platform/prune:one owner] map[prune:true selfHeal:false]"},
		"self-heal": {config.GitOps{SelfHeal: &config.Automation{Reason: "nobody else writes"}}, "map[platform/self-heal:nobody else writes] map[prune:false selfHeal:true]"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := config.ReadFile("k3s", "../../Pulumi.k3s.yaml")
			require.NoError(t, err)
			cfg.Shared().GitOps = tc.settings
			text, err := Options{Stack: "k3s", Config: cfg}.application()
			require.NoError(t, err)
			application, err := parse("a.yaml", text)
			require.NoError(t, err)
			assert.Equal(t, tc.want, fmt.Sprint(application.GetAnnotations(), application.at("spec", "syncPolicy", "automated")))
		})
	}
}

// https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
func TestTheProjectAllowsWhatIsRenderedAndNoMore(t *testing.T) {
	cfg, err := config.ReadFile("k3s", "../../Pulumi.k3s.yaml")
	require.NoError(t, err)
	text, err := Options{Stack: "k3s", Config: cfg, Repository: "https://github.com/team/platform"}.project(slices.Collect(maps.Values(stack(t,
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: core}", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: core}",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: more, namespace: core}", "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: pool, namespace: metallb-system}",
	))))
	require.NoError(t, err)
	assert.Equal(t, `# Rendered from stack k3s of the platform program: change it there.
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: platform-k3s
  namespace: argocd
spec:
  clusterResourceWhitelist:
  - group: ""
    kind: Namespace
  destinations:
  - name: edd-k3s
    namespace: core
  - name: edd-k3s
    namespace: metallb-system
  namespaceResourceWhitelist:
  - group: apps
    kind: Deployment
  - group: metallb.io
    kind: IPAddressPool
  sourceRepos:
  - https://github.com/team/platform
`, string(text))
}
