//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pulumi runs the CLI itself on the stack, as its user can.
func pulumi(t *testing.T, c *checkout, args ...string) string {
	t.Helper()
	home := c.home("")
	passphrase, err := os.ReadFile(filepath.Join(home, "passphrase"))
	require.NoError(t, err)
	cmd := exec.Command(pulumiProgram(t, c), append(args, "--stack", c.stack)...)
	cmd.Dir = filepath.Join(home, "project")
	cmd.Env = append(c.environ(), "PULUMI_BACKEND_URL=file://"+filepath.Join(home, "state"), "PULUMI_CONFIG_PASSPHRASE="+string(passphrase),
		"PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := cmd.Output()
	require.NoError(t, err, "pulumi %s", strings.Join(args, " "))
	return string(out)
}

// pulumiProgram is the path of the CLI that the toolchain has made.
func pulumiProgram(t *testing.T, c *checkout) string {
	t.Helper()
	tool, err := exec.Command(filepath.Join(c.dir, "bin", "platformctl"), "--root", c.dir, "toolchain", "pulumi").Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(tool))
}
