package engine

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"platform/config"
)

// live is an object that the provider made.
func live(kind, name string, annotations map[string]any) *unstructured.Unstructured {
	marks := map[string]any{"platform/project": "platform", "platform/stack": "local"}
	maps.Copy(marks, annotations)
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": kind,
		"metadata": map[string]any{
			"name": name, "namespace": "ns", "annotations": marks,
			"labels":        map[string]any{"app": "api"},
			"managedFields": []any{map[string]any{"manager": "pulumi-kubernetes-1"}},
		},
	}}
}

func TestOnlyItsOwnIsTakenIn(t *testing.T) {
	marked := func(annotations map[string]string) *unstructured.Unstructured {
		one := live("Secret", "backend-secrets", nil)
		one.SetAnnotations(annotations)
		return one
	}
	s := &Session{Stack: "dev"}
	private := &Session{Stack: "dev", deployment: "0123456789ab"}
	for name, c := range map[string]struct {
		marks      map[string]string
		team, mine bool
		says       string
	}{
		"the team's":          {map[string]string{"platform/project": "platform", "platform/stack": "dev"}, true, false, "belongs to stack dev of project platform"},
		"one user's":          {map[string]string{"platform/project": "platform", "platform/stack": "dev", "platform/deployment": "0123456789ab"}, false, true, "belongs to deployment 0123456789ab of stack dev"},
		"another user's":      {map[string]string{"platform/project": "platform", "platform/stack": "dev", "platform/deployment": "ba9876543210"}, false, false, "belongs to deployment ba9876543210"},
		"of another stack":    {map[string]string{"platform/project": "platform", "platform/stack": "staging"}, false, false, "belongs to stack staging"},
		"of another project":  {map[string]string{"platform/project": "shop", "platform/stack": "dev"}, false, false, "belongs to stack dev of project shop"},
		"of any pulumi":       {map[string]string{"app.kubernetes.io/managed-by": "pulumi"}, false, false, "belongs to nobody that this program knows"},
		"without annotations": {nil, false, false, "belongs to nobody that this program knows"},
	} {
		t.Run(name, func(t *testing.T) {
			one := marked(c.marks)
			assert.Equal(t, c.team, s.owns(one))
			assert.Equal(t, c.mine, private.owns(one))
			err := private.foreign([]*unstructured.Unstructured{one})
			require.ErrorContains(t, err, "Secret ns/backend-secrets "+c.says)
			assert.ErrorContains(t, err, "kubectl annotate KIND NAME -n NAMESPACE platform/deployment=0123456789ab platform/project=platform platform/stack=dev; then run make recover STACK=dev again")
		})
	}
	assert.NoError(t, s.foreign(nil))
}

func TestLiveObjectsAreRecognized(t *testing.T) {
	random := map[string]any{autonamed: "true"}
	other := live("ConfigMap", "api-0badcafe", nil)
	other.SetLabels(map[string]string{"app": "web"})
	foreignJob := live("Job", "init-2222", nil)
	foreignJob.SetAnnotations(map[string]string{"platform/project": "platform", "platform/stack": "dev"})
	for name, c := range map[string]struct {
		planned, live *unstructured.Unstructured
		want          bool
	}{
		"same name":                   {live("Service", "api", nil), live("Service", "api", nil), true},
		"another name":                {live("Service", "api", nil), live("Service", "api-2", nil), false},
		"random letters":              {live("ConfigMap", "api", random), live("ConfigMap", "api-0badcafe", random), true},
		"a longer name":               {live("ConfigMap", "api", random), live("ConfigMap", "api-web-0badcafe", random), false},
		"random letters, other label": {live("ConfigMap", "api", random), other, false},
		"a Job of other secrets":      {live("Job", "init-1111", nil), live("Job", "init-2222", nil), true},
		"a Job of somebody else":      {live("Job", "init-1111", nil), foreignJob, false},
		"another Job":                 {live("Job", "init-1111", nil), live("Job", "init-db-2222", nil), false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, (&Session{Stack: "local"}).newSurvey(nil).madeOf(c.live, c.planned))
		})
	}
}

// unrecorded is a state before a run, and planned what the program has.
const (
	unrecordedState = `{"version": 3, "deployment": {"manifest": {}, "resources": [
  {"urn": "urn:a::stack", "type": "pulumi:pulumi:Stack"},
  {"urn": "urn:a::cluster", "custom": true, "type": "pulumi:providers:kubernetes", "id": "real"},
  {"urn": "urn:a::cfg", "custom": true, "type": "kubernetes:core/v1:ConfigMap", "id": "ns/cfg-old"}
]}}`
	plannedState = `{"version": 3, "deployment": {"resources": [
  {"urn": "urn:a::stack", "type": "pulumi:pulumi:Stack"},
  {"urn": "urn:a::cluster", "custom": true, "type": "pulumi:providers:kubernetes", "id": "rendered"},
  {"urn": "urn:a::part", "custom": false, "type": "platform:components:Backend", "parent": "urn:a::stack"},
  {"urn": "urn:a::secret", "custom": true, "type": "kubernetes:core/v1:Secret", "id": "ns/secret", "parent": "urn:a::part", "protect": true,
   "provider": "urn:a::cluster::rendered", "outputs": {"kind": "Secret"}, "dependencies": ["urn:a::stack", "urn:a::lost"],
   "propertyDependencies": {"data": ["urn:a::lost"]}, "additionalSecretOutputs": ["data"],
   "inputs": {"kind": "Secret", "metadata": {"name": "secret"}, "data": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}}},
  {"urn": "urn:a::lost", "custom": true, "type": "kubernetes:core/v1:Service", "provider": "urn:a::cluster::rendered", "inputs": {"metadata": {"name": "lost"}}},
  {"urn": "urn:a::cfg", "custom": true, "type": "kubernetes:core/v1:ConfigMap", "id": "ns/cfg", "provider": "urn:a::cluster::rendered",
   "inputs": {"metadata": {"name": "cfg"}}}
]}}`
)

func parse(t *testing.T, text string) *state {
	t.Helper()
	s := &state{raw: []byte(text)}
	require.NoError(t, json.Unmarshal(s.raw, s))
	return s
}

func TestStateIsExtendedByWhatWasFound(t *testing.T) {
	text, err := parse(t, unrecordedState).extended(parse(t, plannedState), map[string]*unstructured.Unstructured{
		"urn:a::secret": live("Secret", "secret", nil), "urn:a::cfg": live("ConfigMap", "cfg-new", nil),
	}, "local", nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"version": 3, "deployment": {"manifest": {}, "resources": [
  {"urn": "urn:a::stack", "type": "pulumi:pulumi:Stack"},
  {"urn": "urn:a::cluster", "custom": true, "type": "pulumi:providers:kubernetes", "id": "real"},
  {"urn": "urn:a::cfg", "custom": true, "type": "kubernetes:core/v1:ConfigMap", "id": "ns/cfg-new", "provider": "urn:a::cluster::real",
   "inputs": {"metadata": {"name": "cfg-new"}}, "outputs": {}, "dependencies": []},
  {"urn": "urn:a::cfg", "custom": true, "type": "kubernetes:core/v1:ConfigMap", "id": "ns/cfg-old", "delete": true},
  {"urn": "urn:a::part", "custom": false, "type": "platform:components:Backend", "parent": "urn:a::stack", "dependencies": []},
  {"urn": "urn:a::secret", "custom": true, "type": "kubernetes:core/v1:Secret", "id": "ns/secret", "parent": "urn:a::part", "protect": true,
   "provider": "urn:a::cluster::real", "outputs": {}, "dependencies": ["urn:a::stack"],
   "propertyDependencies": {"data": []}, "additionalSecretOutputs": ["data"],
   "inputs": {"kind": "Secret", "metadata": {"name": "secret"}}}
]}}`, string(text))
}

// A run that ends between the deletion of a Job and the record of the one in its
// place leaves the old one in the state as gone. The engine removes no resource
// that is both gone and to be deleted, so a destroy failed with "snapshot
// integrity failure" where recover had marked it so.
func TestStateIsExtendedByAReplacement(t *testing.T) {
	const stack = `{"urn": "urn:a::stack", "type": "pulumi:pulumi:Stack"},
  {"urn": "urn:a::cluster", "custom": true, "type": "pulumi:providers:kubernetes", "id": "real"},`
	job := func(name, more string) string {
		return `{"urn": "urn:a::job", "custom": true, "type": "kubernetes:batch/v1:Job", "id": "ns/` + name + `"` + more + `}`
	}
	const server = `{"urn": "urn:a::server", "custom": true, "type": "kubernetes:apps/v1:StatefulSet", "id": "ns/server"}`
	const web = `{"urn": "urn:a::web", "custom": true, "type": "kubernetes:apps/v1:Deployment", "id": "ns/web", "dependencies": ["urn:a::job"]}`
	const rules = `{"urn": "urn:a::rules", "custom": true, "type": "kubernetes:core/v1:ConfigMap", "id": "ns/rules"}`
	planned := `{"deployment": {"resources": [` + stack + server + `,` + rules + `,
  {"urn": "urn:a::job", "custom": true, "type": "kubernetes:batch/v1:Job", "id": "ns/job-2", "provider": "urn:a::cluster::rendered",
   "dependencies": ["urn:a::server", "urn:a::rules"], "inputs": {"metadata": {"name": "job-2"}}},` + web + `]}}`
	created := func(dependencies string) string {
		return job("job-2", `, "provider": "urn:a::cluster::real", "dependencies": [`+dependencies+`], "inputs": {"metadata": {"name": "job-2"}}, "outputs": {}`)
	}
	const known = `"urn:a::server", "urn:a::rules"`
	for name, tc := range map[string]struct{ before, want string }{
		"the old one is gone": {
			server + `,` + rules + `,` + job("job-1", `, "pendingReplacement": true`) + `,` + web,
			server + `,` + rules + `,` + created(known) + `,` + web,
		},
		"the old one is there": {
			server + `,` + rules + `,` + job("job-1", "") + `,` + web,
			server + `,` + rules + `,` + created(known) + `,` + job("job-1", `, "delete": true`) + `,` + web,
		},
		"one is gone and an older one is left": {
			server + `,` + rules + `,` + job("job-1", `, "pendingReplacement": true`) + `,` + job("job-0", `, "delete": true`) + `,` + web,
			server + `,` + rules + `,` + created(known) + `,` + job("job-0", `, "delete": true`) + `,` + web,
		},
		"what it depends on comes later": {
			server + `,` + job("job-1", `, "pendingReplacement": true`) + `,` + web + `,` + rules,
			server + `,` + created(`"urn:a::server"`) + `,` + web + `,` + rules,
		},
		"there is no old one": {
			server + `,` + rules + `,` + `{"urn": "urn:a::web", "custom": true, "type": "kubernetes:apps/v1:Deployment", "id": "ns/web"}`,
			server + `,` + rules + `,` + `{"urn": "urn:a::web", "custom": true, "type": "kubernetes:apps/v1:Deployment", "id": "ns/web"},` + created(known),
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := parse(t, `{"deployment": {"resources": [`+stack+tc.before+`]}}`).extended(parse(t, planned),
				map[string]*unstructured.Unstructured{"urn:a::job": live("Job", "job-2", nil)}, "local", nil)
			require.NoError(t, err)
			assert.JSONEq(t, `{"deployment": {"resources": [`+stack+tc.want+`]}}`, string(text))
		})
	}
}

func TestRecoveryNeedsTheProvider(t *testing.T) {
	planned := parse(t, plannedState)
	assert.True(t, parse(t, unrecordedState).provided(planned, false))
	assert.False(t, parse(t, unrecordedState).provided(planned, true), "no provider of generated values")
	assert.False(t, parse(t, `{"deployment": {"resources": []}}`).provided(planned, false))
}

func TestPlannedObjectsAreThoseWithNames(t *testing.T) {
	var urns []string
	for _, object := range parse(t, plannedState).objects() {
		urns = append(urns, object.URN)
	}
	assert.Equal(t, []string{"urn:a::secret", "urn:a::lost", "urn:a::cfg"}, urns)
}

func TestStateIsPreparedWithProviderAndValues(t *testing.T) {
	with := parse(t, `{"deployment": {"resources": [
  {"urn": "urn:a::pulumi:providers:kubernetes::cluster", "type": "pulumi:providers:kubernetes"},
  {"urn": "urn:a::random:index/randomPassword:RandomPassword::redis-auth-password", "type": "random:index/randomPassword:RandomPassword"}]}}`)
	made := config.SecretValue{Secret: "redis-auth", Key: "password"}
	assert.True(t, with.prepared([]config.SecretValue{made}))
	assert.True(t, with.prepared(nil))
	assert.False(t, with.prepared([]config.SecretValue{made, {Secret: "redis-auth", Key: "other"}}), "a new value")
	assert.False(t, parse(t, `{"deployment": {"resources": []}}`).prepared(nil), "no provider")
}

// TestCheckpointsAreTheUsers has a stack that is large by its configuration, one
// by its state, and one whose state others share.
func TestCheckpointsAreTheUsers(t *testing.T) {
	many := map[string]config.CoreService{}
	for i := range largeServices {
		many[string(rune('a'+i))] = config.CoreService{}
	}
	var said bytes.Buffer
	small := &Session{Stack: "k3s-local", Config: &config.EddCloud{}, own: true, home: t.TempDir(), out: &said}
	large := &Session{Stack: "k3s-local", Config: &config.EddCloud{Services: many}, own: true, home: t.TempDir(), out: &said}
	grown := &Session{Stack: "k3s-local", Config: &config.EddCloud{}, own: true, home: t.TempDir(), out: &said}
	require.NoError(t, os.MkdirAll(filepath.Dir(grown.checkpoint()), 0o700))
	require.NoError(t, os.WriteFile(grown.checkpoint(), make([]byte, largeState), 0o600))
	shared := &Session{Stack: "k3s", Config: &config.EddCloud{Services: many}, home: t.TempDir(), out: &said}
	for _, s := range []*Session{small, large, grown, shared} {
		assert.False(t, s.recordedOnce(), "nobody asked")
	}
	small.tellOfCheckpoints()
	shared.tellOfCheckpoints()
	assert.Empty(t, said.String())
	for _, s := range []*Session{large, grown} {
		said.Reset()
		s.tellOfCheckpoints()
		assert.Contains(t, said.String(), "PULUMI_SKIP_CHECKPOINTS=true make up STACK=k3s-local records it once, at the end")
		assert.Contains(t, said.String(), "make recover STACK=k3s-local", "the price")
	}
	t.Setenv(checkpointsVariable, "true")
	said.Reset()
	large.tellOfCheckpoints()
	assert.Empty(t, said.String(), "it is as asked")
	assert.True(t, small.recordedOnce())
	assert.False(t, shared.recordedOnce())
	assert.False(t, small.telling(skipCheckpoints))
	assert.True(t, shared.telling(skipCheckpoints))
	assert.Contains(t, said.String(), "a state that others share is recorded step by step")
}
