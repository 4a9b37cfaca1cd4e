//go:build e2e

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestManifestsAreJudgedBeforeTheyAreWritten renders with the real engine what a
// deployment would refuse.
func TestManifestsAreCheckedBeforeTheyAreWritten(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "prod")
	c.make("ctl")
	run := func(args ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(filepath.Join(c.dir, "bin", "platformctl"), append([]string{"--stack", "prod"}, args...)...)
		cmd.Dir = c.dir
		out, err := cmd.CombinedOutput()
		var ended *exec.ExitError
		if err != nil {
			require.ErrorAs(t, err, &ended)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	branch := []string{"gitops", "--repository", "https://github.com/team/platform"}
	published := filepath.Join(c.dir, "published")
	out, code := run(append(branch, "--out", published)...)
	require.Zero(t, code, out)
	require.NoError(t, os.WriteFile(filepath.Join(published, "prod", "more.yaml"),
		[]byte("apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: more, namespace: co2-calculator-prod, annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous}}\n"), 0o600))
	commands := map[string]func(into string) []string{
		"gitops": func(into string) []string { return append(branch, "--out", into, "--before", published) },
		"render": func(into string) []string {
			return []string{"render", "--out", into, "--before", filepath.Join(published, "prod")}
		},
	}
	whole, err := os.ReadFile(c.stackFile("prod"))
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		key   string
		value any
		code  int
		says  string
	}{
		"a claim leaves": {"platform:waivers", []any{}, 2, "PersistentVolumeClaim/co2-calculator-prod/more is to be deleted"},
		"with a waiver": {
			"platform:waivers",
			[]any{map[string]any{"resource": "PersistentVolumeClaim/co2-calculator-prod/more", "change": "deleted", "reason": "moved"}},
			0, "waived: PersistentVolumeClaim/co2-calculator-prod/more is to be deleted",
		},
		"a policy is broken": {"platform:protect", false, 2, "data-is-protected: StatefulSet/postgres: is not protected"},
		"a setting is wrong": {"platform:protect", "perhaps", 1, "platform:protect"},
	} {
		c.edit("prod", tc.key, tc.value)
		for command, args := range commands {
			into := filepath.Join(t.TempDir(), "into")
			out, code := run(args(into)...)
			assert.Equal(t, tc.code, code, "%s: %s: %s", name, command, out)
			assert.Contains(t, out, tc.says, "%s: %s", name, command)
			_, err := os.Stat(into)
			assert.Equal(t, tc.code != 0, errors.Is(err, os.ErrNotExist), "%s: %s writes all or nothing", name, command)
			if command == "gitops" && tc.code == 0 {
				assert.Contains(t, out, "PersistentVolumeClaim/co2-calculator-prod/more leaves the branch and stays in the cluster")
			}
		}
		c.restore("prod", whole)
	}
	out, code = run(append(branch, "--check", published)...)
	assert.Equal(t, 2, code, out)
	require.NoError(t, os.Remove(filepath.Join(published, "prod", "more.yaml")))
	entries, err := os.ReadDir(filepath.Join(published, "prod"))
	require.NoError(t, err)
	for _, entry := range entries {
		if strings.Contains(entry.Name(), "networkpolicy") {
			require.NoError(t, os.Remove(filepath.Join(published, "prod", entry.Name())))
			break
		}
	}
	out, code = run(append(branch, "--check", published)...)
	assert.Equal(t, 1, code, "what differs is no refusal: %s", out)
}
