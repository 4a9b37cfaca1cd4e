package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSumSeesEachChange(t *testing.T) {
	root := t.TempDir()
	parts(t, root, "go.mod", "stacks/", "config/")
	program := executable{parts: []string{"go.mod", "stacks", "config"}}
	sum := func() string {
		text, err := program.sum(root)
		require.NoError(t, err)
		return text
	}
	first := sum()
	assert.Equal(t, first, sum())
	require.NoError(t, os.WriteFile(filepath.Join(root, "stacks", "a_test.go"), []byte("x"), 0o600))
	assert.Equal(t, first, sum(), "tests are not part of the program")
	require.NoError(t, os.WriteFile(filepath.Join(root, "stacks", "a.go"), []byte("x"), 0o600))
	second := sum()
	assert.NotEqual(t, first, second, "a new file")
	require.NoError(t, os.Rename(filepath.Join(root, "stacks", "a.go"), filepath.Join(root, "config", "a.go")))
	assert.NotEqual(t, second, sum(), "a moved file")
}

// parts makes files, and folders where the name ends in a slash.
func parts(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(root, name)
		if name[len(name)-1] == '/' {
			require.NoError(t, os.MkdirAll(path, 0o700))
			continue
		}
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	}
}
