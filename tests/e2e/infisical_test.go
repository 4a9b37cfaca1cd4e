//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"platform/config"
	"platform/stacks/secrets/infisical/infisicaltest"
)

// vault is a double of Infisical with the values of the stack local, and what
// a search for them looks for. The values have characters that every text in
// which they could turn up spells differently.
type vault struct {
	*infisicaltest.Server
	canaries map[string]string // SECRET/KEY to value
	all      map[string]string // every value that ever was one
}

func newVault(t *testing.T) *vault {
	v := &vault{canaries: map[string]string{
		"backend-secrets/DATABASE_PASSWORD":   "c@nary/database+1%:pass word",
		"backend-secrets/OIDC_CLIENT_SECRET":  "c@nary~oidc$2&client=secret",
		"backend-secrets/SECRET_KEY":          `c@nary"signing'3` + strings.Repeat("x", 32),
		"postgres-credentials/admin-password": "c@nary#superuser?4-password",
		"redis-auth/password":                 "c@nary;redis,5!pass-word",
	}, all: map[string]string{}}
	folders := map[string][]infisicaltest.Secret{}
	for name, value := range v.canaries {
		secret, key, _ := strings.Cut(name, "/")
		folders["/"+secret] = append(folders["/"+secret], infisicaltest.Secret{Key: key, Value: value})
		v.all[name] = value
	}
	folders["/redis-auth"] = append(folders["/redis-auth"], infisicaltest.Secret{Key: "passwort", Value: "c@nary-undeclared-6"})
	v.all["redis-auth/passwort"] = "c@nary-undeclared-6"
	project := infisicaltest.Project{ID: infisicaltest.ProjectID, Slug: infisicaltest.ProjectSlug, Environments: []string{"local"}}
	for path, secrets := range folders {
		project.Folders = append(project.Folders, infisicaltest.Folder{Environment: "local", Path: path, Secrets: secrets})
	}
	v.Server = infisicaltest.Start(t, infisicaltest.World{
		Generation: infisicaltest.Generation2025, Projects: []infisicaltest.Project{project},
		Identities: []infisicaltest.Identity{{
			ClientID: infisicaltest.ClientID, ClientSecret: infisicaltest.ClientSecret,
			Grants: []infisicaltest.Grant{{Project: infisicaltest.ProjectID}},
		}},
	})
	return v
}

// change gives one value anew, on the server.
func (v *vault) change(name, value string) {
	secret, key, _ := strings.Cut(name, "/")
	v.Set("local", "/"+secret, key, value)
	v.canaries[name], v.all[name+" "+value] = value, value
}

// hidden fails for every value that a text shows, however it is spelt.
func (v *vault) hidden(t *testing.T, where, text string) {
	t.Helper()
	for name, value := range v.all {
		quoted, _ := json.Marshal(value)
		for _, spelt := range []string{
			value, base64.StdEncoding.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value),
			url.UserPassword("u", value).String()[2:], strings.Trim(string(quoted), `"`),
		} {
			if strings.Contains(text, spelt) {
				t.Errorf("%s shows a value of %s", where, strings.Fields(name)[0]) // and this does not
				break
			}
		}
	}
}

// TestInfisical is the life of a stack whose secrets are in Infisical. Its
// steps build on each other.
func TestInfisical(t *testing.T) {
	v := newVault(t)
	c := newCheckout(t, "local")
	c.edit("local", "platform:secrets", map[string]any{"source": "infisical", "infisical": map[string]any{
		"url": v.URL(), "caCertificate": v.CAFile(), "project": infisicaltest.ProjectID, "environment": "local",
	}})
	credentials := func(id, secret string) {
		t.Setenv(config.InfisicalClientID, id)
		t.Setenv(config.InfisicalClientSecret, secret)
		t.Setenv(config.InfisicalToken, "")
	}
	l := connect(t, startCluster(t, c), localNamespace)
	t.Run("whatever is wrong, nothing is touched", func(t *testing.T) {
		refusesFaultyInfisical(t, c, v, credentials)
		assert.Empty(t, l.inventory())
	})
	credentials(infisicaltest.ClientID, infisicaltest.ClientSecret)
	t.Run("an interrupt ends a reading at once", func(t *testing.T) { interruptsReading(t, c, v) })
	t.Run("up", func(t *testing.T) {
		out := c.make("up")
		assert.Contains(t, out, "/redis-auth/passwort", "what nobody declared is told by name")
		deliversValues(t, l, v)
		assert.Contains(t, c.make("preview", "ARGS=--expect-no-changes"), "unchanged")
	})
	t.Run("a changed value rolls what uses it", func(t *testing.T) { rotatesInInfisical(t, c, l, v) })
	t.Run("a deployment that fails halfway", func(t *testing.T) { failsHalfway(t, c, l, v) })
	t.Run("a value that was in clear is masked in the diff", func(t *testing.T) { masksWhatWasPlain(t, c, v) })
	t.Run("without access", func(t *testing.T) { previewsMasked(t, c, v, credentials) })
	credentials(infisicaltest.ClientID, infisicaltest.ClientSecret)
	t.Run("the operator delivers", func(t *testing.T) { delivers(t, c, l, v) })
	t.Run("no value shows anywhere", func(t *testing.T) {
		c.make("preview", "ARGS=--diff --logtostderr -v=9")
		c.make("render", "OUT="+filepath.Join(c.dir, "out", "manifests"))
		hidesValues(t, c, v)
	})
	t.Run("down leaves nothing", func(t *testing.T) { leavesNothing(t, c, l) })
}

func startCluster(t *testing.T, c *checkout) string {
	t.Helper()
	c.make("cluster-up")
	return strings.TrimSpace(c.make("kubeconfig"))
}

// refusesFaultyInfisical meets the faults that a user meets. Each is one
// message with key, stack and remedy.
func refusesFaultyInfisical(t *testing.T, c *checkout, v *vault, credentials func(id, secret string)) {
	refused := func(what string, want ...string) {
		t.Helper()
		out := c.refuse("up")
		for _, text := range append(want, "(stack local)") {
			assert.Contains(t, out, text, what)
		}
		assert.NotRegexp(t, `kubernetes:|random:`, out, what)
	}
	credentials("", "")
	refused("no credentials", config.InfisicalClientID, config.InfisicalToken)
	credentials(infisicaltest.ClientID, "c@nary-wrong-client-secret-7")
	v.all["client secret"] = "c@nary-wrong-client-secret-7"
	before := v.Count(infisicaltest.Login)
	refused("wrong credentials", "platform:secrets.infisical")
	assert.Equal(t, 1, v.Count(infisicaltest.Login)-before, "a wrong secret is sent once")

	credentials(infisicaltest.ClientID, infisicaltest.ClientSecret)
	v.all["real client secret"] = infisicaltest.ClientSecret
	kept := v.canaries["backend-secrets/SECRET_KEY"]
	v.change("backend-secrets/SECRET_KEY", "c@nary-short-8")
	v.change("postgres-credentials/admin-password", "c@nary ${other.9}")
	refused("malformed values, all at once", "backend-secrets/SECRET_KEY", "32", "postgres-credentials/admin-password")
	v.change("backend-secrets/SECRET_KEY", kept)
	v.change("postgres-credentials/admin-password", "c@nary#superuser?4-password")

	c.edit("local", "platform:secrets.infisical.environment", "production")
	refused("unknown environment", "production")
	c.edit("local", "platform:secrets.infisical.environment", "local")
	c.edit("local", "platform:secrets.infisical.token", "c@nary-token-in-the-stack-file-10")
	v.all["token"] = "c@nary-token-in-the-stack-file-10"
	refused("a credential in the stack file", "platform:secrets.infisical.token", config.InfisicalToken)
	c.edit("local", "platform:secrets.infisical.token", nil)
}

// interruptsReading presses Ctrl-C while the server says nothing.
func interruptsReading(t *testing.T, c *checkout, v *vault) {
	arrived := make(chan struct{}, 1)
	v.Always(infisicaltest.Login, infisicaltest.Hang(arrived))
	defer v.Always(infisicaltest.Login, nil)
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := c.command(ctx, "up")
	cmd.Stdout, cmd.Stderr = &c.output, &c.output
	require.NoError(t, cmd.Start())
	select {
	case <-arrived:
	case <-time.After(time.Minute):
		t.Fatal("the program asked for nothing")
	}
	require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
	asked := time.Now()
	require.Error(t, cmd.Wait())
	assert.Less(t, time.Since(asked), 8*time.Second, "the attempt alone would take 10 s, all of them 45")
}

func deliversValues(t *testing.T, l live, v *vault) {
	t.Helper()
	for name, want := range v.canaries {
		secret, key, _ := strings.Cut(name, "/")
		live, err := l.typed.CoreV1().Secrets(l.namespace).Get(context.Background(), secret, metav1.GetOptions{})
		require.NoError(t, err)
		if string(live.Data[key]) != want {
			t.Errorf("the cluster has another value of %s", name) // and this shows neither
		}
	}
}

// rotatesInInfisical changes the password of the queue.
func rotatesInInfisical(t *testing.T, c *checkout, l live, v *vault) {
	before := generations(l)
	v.change("redis-auth/password", "c@nary;redis,11!changed-word")
	out := c.make("preview", "ARGS=--diff")
	assert.Contains(t, out, "~ backend-secrets: REDIS_URL\n")
	assert.Regexp(t, `~ redis-auth: .*password`, out)
	out = c.make("up")
	assert.Equal(t, 5, count(out, "updated"), "two Secrets and three workloads: %s", out)
	deliversValues(t, l, v)
	var rolled []string
	for name, generation := range generations(l) {
		if generation != before[name] {
			rolled = append(rolled, name)
		}
	}
	assert.ElementsMatch(t, []string{"backend", "celery-worker", "redis"}, rolled)
}

// generations are those of the workloads: each change of what runs is one.
func generations(l live) map[string]int64 {
	all := map[string]int64{}
	for name, deployment := range l.deployments() {
		all[name] = deployment.Generation
	}
	sets, err := l.typed.AppsV1().StatefulSets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	for _, set := range sets.Items {
		all["statefulset "+set.Name] = set.Generation
	}
	return all
}

// failsHalfway shrinks a claim, which the API server refuses, while a value
// changes.
func failsHalfway(t *testing.T, c *checkout, l live, v *vault) {
	v.change("backend-secrets/OIDC_CLIENT_SECRET", "c@nary~oidc$12&another=secret")
	c.edit("local", "platform:redis.storageGiB", 0.5) // a whole number is wanted
	assert.Contains(t, c.refuse("up"), "platform:redis.storageGiB")
	file, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	c.edit("local", "platform:redis.storageGiB", 2)
	c.make("up")
	c.edit("local", "platform:redis.storageGiB", 1)
	v.change("backend-secrets/OIDC_CLIENT_SECRET", "c@nary~oidc$13&a-third=secret")
	assert.Contains(t, c.refuse("up", "ARGS=--diff"), "redis")
	c.restore("local", file)
	c.edit("local", "platform:redis.storageGiB", 2)
	c.make("up")
	deliversValues(t, l, v)
}

// masksWhatWasPlain makes a state as a program would leave it that marked a
// value as no secret, and previews the change that marks it.
func masksWhatWasPlain(t *testing.T, c *checkout, v *vault) {
	const plain = "Yy1jYW5hcnktMTQtaW4tY2xlYXI="
	v.all["plain"] = plain
	text := pulumi(t, c, "stack", "export")
	var state map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &state))
	found := false
	for _, one := range state["deployment"].(map[string]any)["resources"].([]any) {
		resource := one.(map[string]any)
		if strings.HasSuffix(resource["urn"].(string), "kubernetes:core/v1:Secret::redis-auth") {
			found = true
			delete(resource, "additionalSecretOutputs")
			for _, part := range []string{"inputs", "outputs"} {
				resource[part].(map[string]any)["data"] = map[string]any{"password": plain}
			}
		}
	}
	require.True(t, found)
	changed, err := json.Marshal(state)
	require.NoError(t, err)
	folder := t.TempDir()
	for name, content := range map[string][]byte{"before.json": []byte(text), "plain.json": changed} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	pulumi(t, c, "stack", "import", "--file", filepath.Join(folder, "plain.json"))
	out := c.make("preview", "ARGS=--diff")
	assert.Regexp(t, `password\s*: "\[secret\]" => \[secret\]`, out)
	v.hidden(t, "the diff", out)
	pulumi(t, c, "stack", "import", "--file", filepath.Join(folder, "before.json"))
}

// previewsMasked is what a pull request from a fork may do.
func previewsMasked(t *testing.T, c *checkout, v *vault, credentials func(id, secret string)) {
	credentials("", "")
	asked := len(v.Requests())
	out := c.make("preview", "SECRETS=masked", "ARGS=--diff")
	assert.Contains(t, out, "[unknown]", "what follows from a value")
	assert.Contains(t, out, "some of ", "the Secrets")
	folder := filepath.Join(c.dir, "out", "masked")
	c.make("render", "SECRETS=masked", "OUT="+folder)
	assert.Contains(t, c.refuse("up", "SECRETS=masked"), `"masked" knows no values`)
	assert.Len(t, v.Requests(), asked, "nothing was asked of Infisical")
}

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

// hidesValues searches all that was printed, and all that was written but for
// the cluster's own store.
func hidesValues(t *testing.T, c *checkout, v *vault) {
	v.hidden(t, "output", c.output.String())
	v.hidden(t, "stack export", pulumi(t, c, "stack", "export"))
	v.hidden(t, "stack outputs", pulumi(t, c, "stack", "output", "--json"))
	for _, folder := range []string{"state", "project"} {
		hidesIn(t, v, filepath.Join(c.stacks, c.stack, folder))
	}
	hidesIn(t, v, filepath.Join(c.dir, "out"))
}

func hidesIn(t *testing.T, v *vault, folder string) {
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		v.hidden(t, path, string(text))
		return err
	}))
}

// pulumi runs the CLI itself on the stack, as its user can.
func pulumi(t *testing.T, c *checkout, args ...string) string {
	t.Helper()
	tool, err := exec.Command(filepath.Join(c.dir, "bin", "platformctl"), "--root", c.dir, "toolchain", "pulumi").Output()
	require.NoError(t, err)
	home := filepath.Join(c.stacks, c.stack)
	passphrase, err := os.ReadFile(filepath.Join(home, "passphrase"))
	require.NoError(t, err)
	cmd := exec.Command(strings.TrimSpace(string(tool)), append(args, "--stack", c.stack)...)
	cmd.Dir = filepath.Join(home, "project")
	cmd.Env = append(os.Environ(), "PULUMI_BACKEND_URL=file://"+filepath.Join(home, "state"), "PULUMI_CONFIG_PASSPHRASE="+string(passphrase),
		"PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := cmd.Output()
	require.NoError(t, err, "pulumi %s", strings.Join(args, " "))
	return string(out)
}
