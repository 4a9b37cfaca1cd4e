//go:build e2e

package reach_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCyclonusAgrees runs the tests of the module that compares with cyclonus.
// It is a module of its own, which go test ./... leaves out, and takes a minute
// to compile.
func TestCyclonusAgrees(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count", "1", "./...")
	cmd.Dir = "cyclonus"
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))
}
