//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"platform/config"
	"platform/tests/infisicaltest"
)

// TestInfisical is the life of a stack whose secrets are in Infisical. Its
// steps build on each other.
func TestInfisical(t *testing.T) {
	t.Parallel()
	v := newVault(t, "local")
	c := newCheckout(t, "local")
	c.edit("local", "platform:secrets", map[string]any{"source": "infisical", "infisical": map[string]any{
		"url": v.URL(), "caCertificate": v.CAFile(), "project": infisicaltest.ProjectID, "environment": "local",
	}})
	credentials := func(id, secret string) {
		c.setenv(t, config.InfisicalClientID, id)
		c.setenv(t, config.InfisicalClientSecret, secret)
		c.setenv(t, config.InfisicalToken, "")
	}
	l := connect(t, startCluster(t, c), localNamespace)
	t.Run("whatever is wrong, nothing is touched", func(t *testing.T) {
		refusesBrokenInfisical(t, c, v, credentials)
		assert.Empty(t, l.inventory())
	})
	credentials(infisicaltest.ClientID, infisicaltest.ClientSecret)
	t.Run("an interrupt ends a reading at once", func(t *testing.T) { interruptsReading(t, c, v) })
	t.Run("up", func(t *testing.T) {
		out := c.make("up")
		assert.Contains(t, out, "/redis-auth/passwort", "what nobody declared is reported by name")
		deliversValues(t, l, v)
		assert.Contains(t, c.make("preview", "ARGS=--expect-no-changes"), "unchanged")
	})
	t.Run("a changed value rolls what uses it", func(t *testing.T) { rotatesInInfisical(t, c, l, v) })
	t.Run("a deployment that fails halfway", func(t *testing.T) { failsHalfway(t, c, l, v) })
	if everyCase {
		t.Run("a value that was in clear is masked in the diff", func(t *testing.T) { masksWhatWasPlain(t, c, v) })
	}
	if everyCase {
		t.Run("without access", func(t *testing.T) { previewsMasked(t, c, v, credentials) })
	}
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

// refusesFaultyInfisical meets the errors that a user meets. Each is one
// message with key, stack and remedy.
func refusesBrokenInfisical(t *testing.T, c *checkout, v *vault, credentials func(id, secret string)) {
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
