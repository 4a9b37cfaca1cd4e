//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	"platform/config"
	"platform/tests/infisicaltest"
)

// TestShared is the stack dev as a team has it: state in a backend of their
// own, a cluster of their own, secrets in Infisical.
func TestShared(t *testing.T) {
	t.Parallel()
	c, l, v := newShared(t)
	t.Run("without a terminal nobody has consented", func(t *testing.T) {
		out := c.refuse("up")
		assert.Contains(t, out, "to create", "the preview is shown")
		assert.Contains(t, out, "add ARGS=--yes")
		assert.Empty(t, l.inventory())
	})
	t.Run("up", func(t *testing.T) {
		before := v.Count(infisicaltest.Login)
		out := c.make("up", "ARGS=--yes --diff")
		assert.Equal(t, 0, count(out, "errored"), out)
		assert.Equal(t, 2, v.Count(infisicaltest.Login)-before, "one reading for the preview and one for the deployment")
		assert.True(t, available(l.deployments()["backend"]))
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("one cluster by other names", func(t *testing.T) { staysOnItsCluster(t, c, l) })
	t.Run("another stack with its environment", func(t *testing.T) {
		before, err := os.ReadFile(c.stackFile("local"))
		require.NoError(t, err)
		defer c.restore("local", before)
		c.edit("local", "platform:environment", "dev")
		inventory := l.inventory()
		for _, target := range []string{"preview", "up"} {
			out := c.refuse(target, "STACK=local", "CONTEXT=enac-k8s")
			assert.Contains(t, out, "stack local: the namespace co2-calculator-dev belongs to stack dev of project platform, so nothing was done; give this stack another platform:environment")
		}
		assert.Contains(t, c.refuse("recover", "STACK=local", "CONTEXT=enac-k8s"), "Namespace co2-calculator-dev belongs to stack dev of project platform")
		c.make("down", "STACK=local", "CONTEXT=enac-k8s")
		assert.Equal(t, inventory, l.inventory())
	})
	t.Run("what no state knows is taken with consent alone", func(t *testing.T) { recoversShared(t, c) })
	t.Run("what changes while the question stands", func(t *testing.T) { changesWhileAsked(t, c, l) })
	if everyCase {
		t.Run("what says nothing of its owner is annotated by hand", func(t *testing.T) { annotatesByHand(t, c, l) })
		t.Run("a protected claim leaves the stack and stays", func(t *testing.T) { leavesProtected(t, c, l) })
		t.Run("a preview without access leaves the stack file as it is", func(t *testing.T) {
			before, err := os.ReadFile(c.stackFile("dev"))
			require.NoError(t, err)
			assert.Contains(t, c.make("preview", "SECRETS=masked"), "Secrets that change")
			after, err := os.ReadFile(c.stackFile("dev"))
			require.NoError(t, err)
			assert.Equal(t, string(before), string(after))
		})
	}
	t.Run("down", func(t *testing.T) {
		c.make("down", "ARGS=--yes")
		assert.Empty(t, l.inventory())
	})
	v.hidden(t, "output", c.output.String())
}

// newShared is the stack dev before its first deployment, in the hands of a
// member of the team.
func newShared(t *testing.T) (*checkout, live, *vault) {
	t.Helper()
	v := newVault(t, "dev")
	c := newCheckout(t, "local")
	kubeconfig := renamed(t, startCluster(t, c), "enac-k8s")
	c.stack = "dev"
	c.edit("dev", "platform:secrets.infisical", map[string]any{
		"url": v.URL(), "caCertificate": v.CAFile(), "project": infisicaltest.ProjectID, "environment": "dev",
		"auth": map[string]any{"name": "platform", "namespace": "infisical-operator-system"},
	})
	for name, value := range map[string]string{
		"KUBECONFIG": kubeconfig, "PULUMI_BACKEND_URL": "file://" + t.TempDir(), "PULUMI_CONFIG_PASSPHRASE": "of the team",
		config.InfisicalClientID: infisicaltest.ClientID, config.InfisicalClientSecret: infisicaltest.ClientSecret, config.InfisicalToken: "",
	} {
		c.setenv(t, name, value)
	}
	cmd := exec.Command(pulumiProgram(t, c), "stack", "init", c.stack) // as the README says
	cmd.Dir, cmd.Env = c.dir, c.environ()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return c, connect(t, kubeconfig, "co2-calculator-dev"), v
}

// staysOnItsCluster calls the cluster of a deployed stack otherwise, which must
// change no object.
func staysOnItsCluster(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile("dev"))
	require.NoError(t, err)
	system, err := l.typed.CoreV1().Namespaces().Get(context.Background(), "kube-system", metav1.GetOptions{})
	require.NoError(t, err)
	gainsUID := func(*testing.T) {
		c.edit("dev", "platform:cluster.uid", string(system.UID))
		c.make("preview", "ARGS=--expect-no-changes")
		c.restore("dev", before)
	}
	t.Run("its UID", gainsUID)
	t.Run("deployed by its context's name", func(t *testing.T) {
		identifies(t, c, "platform-dev", "enac-k8s")
		c.make("preview", "ARGS=--expect-no-changes")
		gainsUID(t)
	})
	t.Run("deployed by its UID", func(t *testing.T) {
		identifies(t, c, "enac-k8s", string(system.UID))
		c.make("preview", "ARGS=--expect-no-changes")
		gainsUID(t)
	})
	t.Run("another context", func(t *testing.T) {
		c.setenv(t, "KUBECONFIG", renamed(t, c.value("KUBECONFIG"), "enac-renamed"))
		c.edit("dev", "platform:cluster.context", "enac-renamed")
		_, text, found := strings.Cut(c.make("preview", "ARGS=--json"), "{")
		require.True(t, found)
		var preview struct {
			Steps []struct{ Op, URN string }
		}
		require.NoError(t, json.Unmarshal([]byte("{"+text), &preview), text)
		require.NotEmpty(t, preview.Steps)
		for _, step := range preview.Steps {
			if strings.Contains(step.URN, "::pulumi:providers:kubernetes::") {
				assert.Equal(t, "update", step.Op, "it notes the name")
				continue
			}
			assert.Equal(t, "same", step.Op, step.URN)
		}
		c.restore("dev", before)
	})
}

// identifies has the state know the cluster by another identifier, as if it had
// been deployed under that.
func identifies(t *testing.T, c *checkout, from, to string) {
	t.Helper()
	before := c.pulumi(t, nil, "stack", "export")
	after := bytes.ReplaceAll(before, []byte(`"clusterIdentifier": "`+from+`"`), []byte(`"clusterIdentifier": "`+to+`"`))
	require.NotEqual(t, string(before), string(after))
	c.pulumi(t, after, "stack", "import")
}

// pulumi runs pulumi itself for the stack.
func (c *checkout) pulumi(t *testing.T, input []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(pulumiProgram(t, c), append(args, "--stack", c.stack)...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.dir, c.environ(), bytes.NewReader(input)
	out, err := cmd.Output()
	require.NoError(t, err)
	return out
}

// forgets takes the CronJob, on which nothing depends, out of the state that a
// team shares.
func (c *checkout) forgets(t *testing.T) {
	t.Helper()
	urn := regexp.MustCompile(`urn:pulumi:dev::[^"]*kubernetes:batch/v1:CronJob::[^":]*`).FindString(string(c.pulumi(t, nil, "stack", "export")))
	require.NotEmpty(t, urn, "the state has the CronJob")
	c.pulumi(t, nil, "state", "delete", urn, "--yes", "--force")
}

// annotatesByHand gives a CronJob that lost its annotations those that recover
// names.
func annotatesByHand(t *testing.T, c *checkout, l live) {
	c.forgets(t)
	l.patch("cronjobs", "db-dump", `{"metadata": {"annotations": {"platform/project": null, "platform/stack": null}}}`)
	out := c.refuse("recover", "ARGS=--yes")
	named := regexp.MustCompile(`kubectl annotate KIND NAME -n NAMESPACE (\S+=\S+) (\S+=\S+); then run`).FindStringSubmatch(out)
	require.NotNil(t, named, out)
	annotations := map[string]string{}
	for _, pair := range named[1:] {
		key, value, _ := strings.Cut(pair, "=")
		annotations[key] = value
	}
	change, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": annotations}})
	require.NoError(t, err)
	l.patch("cronjobs", "db-dump", string(change))
	c.make("recover", "ARGS=--yes")
	c.make("preview", "ARGS=--expect-no-changes")
}

// leavesProtected takes the volume of the backups out of the protected stack and
// keeps it, as docs/operations.md says under Protected stacks.
func leavesProtected(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile("dev"))
	require.NoError(t, err)
	c.edit("dev", "platform:protect", true)
	c.make("up", "ARGS=--yes")
	claims := holders(t, l)
	c.edit("dev", "platform:postgres.backup", nil)
	assert.Contains(t, c.refuse("up", "ARGS=--yes"), "cannot be deleted")
	urn := regexp.MustCompile(`urn:pulumi:dev::[^"]*PersistentVolumeClaim::db-dump[^":]*`).FindString(string(c.pulumi(t, nil, "stack", "export")))
	require.NotEmpty(t, urn)
	c.pulumi(t, nil, "state", "unprotect", urn, "--yes")
	c.make("up", "ARGS=--yes")
	assert.Equal(t, claims, holders(t, l), "the claim is still there")
	c.restore("dev", before)
	c.make("recover", "ARGS=--yes")
	c.make("up", "ARGS=--yes")
	c.make("preview", "ARGS=--expect-no-changes")
}

// recoversShared takes an object out of the state that a team shares, which only
// comes back with somebody's consent.
func recoversShared(t *testing.T, c *checkout) {
	c.forgets(t)
	before := c.pulumi(t, nil, "stack", "export")
	saying := func(text string) func() string { return func() string { return text } }
	out, err := c.converse(t, "recover", turn{"by typing", saying("dev")}, turn{"Write this into the state of stack dev, which others share?", saying("no")})
	require.Error(t, err)
	assert.Contains(t, out, `that is not "dev", so stack dev stays as it is`)
	assert.True(t, bytes.Equal(before, c.pulumi(t, nil, "stack", "export")), "the state is as before")
	out = c.make("recover", "ARGS=--yes")
	assert.Regexp(t, `Taken into the state, which did not have these objects of the cluster \(1\):\n\s+1 CronJob`, out)
	c.make("preview", "ARGS=--expect-no-changes")
}

// renamed is a kubeconfig whose one context has another name.
func renamed(t *testing.T, path, name string) string {
	t.Helper()
	kubeconfig, err := clientcmd.LoadFromFile(path)
	require.NoError(t, err)
	kubeconfig.Contexts[name] = kubeconfig.Contexts[kubeconfig.CurrentContext]
	kubeconfig.CurrentContext = name
	other := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*kubeconfig, other))
	return other
}
