//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// plain is pulumi itself on an embedded stack, as docs/pulumi.md shows it.
type plain struct {
	checkout // of the stack's own project, whose stack file it reads
	env      []string
	program  string
}

func newPlain(t *testing.T, c *checkout) plain {
	t.Helper()
	home := c.home("")
	passphrase, err := os.ReadFile(filepath.Join(home, "passphrase"))
	require.NoError(t, err)
	program := pulumiProgram(t, c)
	return plain{
		checkout: checkout{t: t, dir: filepath.Join(home, "project"), stack: c.stack},
		program:  program,
		env: append(os.Environ(), "PULUMI_BACKEND_URL=file://"+filepath.Join(home, "state"), "PULUMI_CONFIG_PASSPHRASE="+string(passphrase),
			"KUBECONFIG="+filepath.Join(home, "cluster", "kubeconfig"), "PATH="+filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"),
			"PULUMI_HOME="+filepath.Join(filepath.Dir(program), "..", "..", "..", "pulumi-home"), "PULUMI_SKIP_UPDATE_CHECK=true",
			"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true", "PLATFORM_BUILD_TARGET="+filepath.Join(c.dir, "bin", "plain")), // linked once
	}
}

func (p plain) run(args ...string) (string, error) {
	cmd := exec.Command(p.program, append(args, "--stack", p.stack, "--non-interactive")...)
	cmd.Dir, cmd.Env = p.dir, p.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestPlainPulumi deploys without make: what holds data is not deleted, replaced
// or opened by other software, whatever the order, unless a waiver names it.
func TestPlainPulumi(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "local")
	c.make("up")
	l := connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
	p := newPlain(t, c)
	before, err := os.ReadFile(p.stackFile(p.stack))
	require.NoError(t, err)
	held := holders(t, l)
	const in = "/co2-calculator-local/"
	for _, refused := range []struct {
		name, key string
		value     any
		waiver    string
	}{
		{"leaves the program", "platform:postgres", map[string]any{
			"mode": "managed", "managed": map[string]any{"host": "db.example.org", "cidr": "192.0.2.0/24"},
		}, "{resource: StatefulSet" + in + "postgres, change: deleted, reason: ...}"},
		{"replaced", "platform:redis.storageClass", "local-path", "{resource: PersistentVolumeClaim" + in + "redis-data, change: replaced, reason: ...}"},
		{"other software", "platform:postgres.image", "postgres:17-alpine", "{resource: StatefulSet" + in + "postgres, change: upgrade, reason: ...}"},
		{"another database", "platform:postgres.database", "co2calc", "{resource: Database" + in + "co2calculator, change: data, reason: ...}"},
	} {
		t.Run(refused.name, func(t *testing.T) {
			p.edit(p.stack, refused.key, refused.value)
			for _, args := range [][]string{{"preview"}, {"up", "--yes", "--skip-preview"}} {
				out, err := p.run(args...)
				require.Error(t, err, out)
				assert.Contains(t, out, refused.waiver)
			}
			assert.Equal(t, held, holders(t, l))
			p.restore(p.stack, before)
			out, err := p.run("up", "--yes", "--skip-preview") // what was done beside it is taken back
			require.NoError(t, err, out)
		})
	}
	t.Run("destroyed", func(t *testing.T) {
		out, err := p.run("destroy", "--yes", "--skip-preview")
		require.Error(t, err, out)
		assert.Contains(t, out, "--run-program")
		out, err = p.run("destroy", "--run-program", "--preview-only")
		require.Error(t, err, out)
		assert.Contains(t, out, "platform:waivers in Pulumi.local.yaml")
		assert.Equal(t, held, holders(t, l))
	})
	t.Run("waived", func(t *testing.T) {
		p.edit(p.stack, "platform:postgres.backup.enabled", false)
		for _, key := range []string{"keepDays", "storageGiB", "storageClass", "resources"} {
			p.edit(p.stack, "platform:postgres.backup."+key, nil)
		}
		out, err := p.run("preview")
		require.Error(t, err, out)
		p.edit(p.stack, "platform:waivers", []any{map[string]any{"resource": "PersistentVolumeClaim" + in + "db-dump-archives", "change": "deleted", "reason": "copied"}})
		out, err = p.run("up", "--yes")
		require.NoError(t, err, out)
		assert.NotContains(t, holders(t, l), "db-dump-archives")
	})
	c.make("down")
	assert.Empty(t, l.inventory(), "make down asks for no waivers")
}

// holders are the claims and servers with their identities, and what the servers
// run.
func holders(t *testing.T, l live) map[string]string {
	t.Helper()
	found := map[string]string{}
	claims, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, claim := range claims.Items {
		if claim.DeletionTimestamp == nil {
			found[claim.Name] = string(claim.UID)
		}
	}
	sets, err := l.typed.AppsV1().StatefulSets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, set := range sets.Items {
		found[set.Name] = string(set.UID) + " " + set.Spec.Template.Spec.Containers[0].Image
	}
	return found
}
