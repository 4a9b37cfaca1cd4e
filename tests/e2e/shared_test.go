//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
