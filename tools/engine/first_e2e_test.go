//go:build e2e

package engine

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/tools/toolchain"
)

// TestFirstRunsSideBySide has eight runs make the same project and state with the
// real engine, as they do where the first commands of a stack are given at once.
func TestFirstRunsSideBySide(t *testing.T) {
	stacks := t.TempDir()
	tools, err := toolchain.Ensure(t.Context(), toolchain.Options{Root: "../..", Tools: toolchain.Engine})
	require.NoError(t, err)
	var wait sync.WaitGroup
	sessions, salts := make([]*Session, 8), make([]string, 8)
	for i := range sessions {
		s, err := prepare(Options{Root: "../..", Stack: "local", Context: "mine", Stacks: stacks})
		require.NoError(t, err)
		s.tools, sessions[i] = tools, s
		wait.Go(func() {
			s.setEnvironment()
			if assert.NoError(t, s.moveIn(t.Context())) && assert.NoError(t, s.ownProject(t.Context(), "mine")) {
				salts[i] = saltOf(t, s)
			}
		})
	}
	wait.Wait()
	assert.NotEmpty(t, salts[0])
	for i, s := range sessions {
		assert.Equal(t, salts[0], salts[i])
		assert.Equal(t, sessions[0].env[len(sessions[0].env)-1], s.env[len(s.env)-1], "the passphrase")
	}
	text, err := sessions[0].output(t.Context(), "config", "set", "--secret", "--stack", "local", "word", "value")
	require.NoError(t, err, string(text))
	require.NoError(t, sessions[1].ownProject(t.Context(), "mine"))
	assert.Equal(t, salts[0], saltOf(t, sessions[1]))
}

func saltOf(t *testing.T, s *Session) string {
	t.Helper()
	var file struct {
		Salt string `json:"encryptionsalt"`
	}
	text, err := os.ReadFile(filepath.Join(s.project, stackFile(s.Stack)))
	assert.NoError(t, err)
	assert.NoError(t, yaml.Unmarshal(text, &file))
	return file.Salt
}
