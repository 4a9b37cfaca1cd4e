//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	"platform/config"
	"platform/stacks/secrets/infisical/infisicaltest"
)

// TestShared is the stack dev as a team has it: state in a backend of their
// own, a cluster of their own, secrets in Infisical.
func TestShared(t *testing.T) {
	v := newVault(t)
	v.Change(func(world *infisicaltest.World) {
		world.Projects[0].Environments = []string{"dev"}
		for i := range world.Projects[0].Folders {
			world.Projects[0].Folders[i].Environment = "dev"
		}
	})
	c := newCheckout(t, "local")
	kubeconfig := renamed(t, startCluster(t, c), "enac-k8s")
	l := connect(t, kubeconfig, "co2-calculator-dev")
	c.stack = "dev"
	c.edit("dev", "platform:secrets.infisical", map[string]any{
		"url": v.URL(), "caCertificate": v.CAFile(), "project": infisicaltest.ProjectID, "environment": "dev",
	})
	for name, value := range map[string]string{
		"KUBECONFIG": kubeconfig, "PULUMI_BACKEND_URL": "file://" + t.TempDir(), "PULUMI_CONFIG_PASSPHRASE": "of the team",
		config.InfisicalClientID: infisicaltest.ClientID, config.InfisicalClientSecret: infisicaltest.ClientSecret, config.InfisicalToken: "",
	} {
		t.Setenv(name, value)
	}
	initializeShared(t, c)
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
	t.Run("what changes while the question stands", func(t *testing.T) { changesWhileAsked(t, c, l) })
	t.Run("a preview without access leaves the stack file as it is", func(t *testing.T) {
		before, err := os.ReadFile(c.stackFile("dev"))
		require.NoError(t, err)
		assert.Contains(t, c.make("preview", "SECRETS=masked"), "Secrets that change")
		after, err := os.ReadFile(c.stackFile("dev"))
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	})
	t.Run("down", func(t *testing.T) {
		c.make("down", "ARGS=--yes")
		assert.Empty(t, l.inventory())
	})
	v.hidden(t, "output", c.output.String())
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
		t.Setenv("KUBECONFIG", renamed(t, os.Getenv("KUBECONFIG"), "enac-renamed"))
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
	run := func(input []byte, args ...string) []byte {
		cmd := exec.Command(pulumiProgram(t, c), append(args, "--stack", c.stack)...)
		cmd.Dir, cmd.Stdin = c.dir, bytes.NewReader(input)
		out, err := cmd.Output()
		require.NoError(t, err)
		return out
	}
	before := run(nil, "stack", "export")
	after := bytes.ReplaceAll(before, []byte(`"clusterIdentifier": "`+from+`"`), []byte(`"clusterIdentifier": "`+to+`"`))
	require.NotEqual(t, string(before), string(after))
	run(after, "stack", "import")
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

// initializeShared makes the stack in the team's backend, as the README says.
func initializeShared(t *testing.T, c *checkout) {
	t.Helper()
	cmd := exec.Command(pulumiProgram(t, c), "stack", "init", c.stack)
	cmd.Dir = c.dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}
