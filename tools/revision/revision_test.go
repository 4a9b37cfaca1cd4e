package revision

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repository is one with two commits, the first of them named first.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write := func(text string) {
		require.NoError(t, os.WriteFile(filepath.Join(root, "file"), []byte(text), 0o600))
	}
	do := func(args ...string) {
		_, err := git(t.Context(), root, append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		require.NoError(t, err)
	}
	do("init", "--quiet")
	write("one")
	do("add", "file")
	do("commit", "--quiet", "-m", "one")
	do("tag", "first")
	write("two")
	do("commit", "--quiet", "-a", "-m", "two")
	return root
}

func TestCheckout(t *testing.T) {
	root := repository(t)
	first, err := Checkout(t.Context(), root, "first")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(first.Root, "file"))
	require.NoError(t, err)
	assert.Equal(t, "one", string(text))
	head, err := first.Run(t.Context(), "git", "rev-parse", "HEAD")
	require.NoError(t, err)
	assert.Equal(t, first.Commit, head)
	_, err = first.Run(t.Context(), "git", "nonesuch")
	assert.ErrorContains(t, err, `base "first": git nonesuch`)

	first.Close()
	assert.NoDirExists(t, first.Folder)
	left, err := git(t.Context(), root, "worktree", "list")
	require.NoError(t, err)
	assert.NotContains(t, left, first.Folder)
}

func TestCheckoutOfNoRevision(t *testing.T) {
	for _, name := range []string{"nonesuch", "", "--all"} {
		_, err := Checkout(t.Context(), repository(t), name)
		assert.ErrorContains(t, err, "is no revision of this checkout")
	}
}

func TestHead(t *testing.T) {
	root := repository(t)
	clean, err := Head(t.Context(), root)
	require.NoError(t, err)
	assert.Regexp(t, `^[0-9a-f]{40}$`, clean)
	require.NoError(t, os.WriteFile(filepath.Join(root, "file"), []byte("three"), 0o600))
	dirty, err := Head(t.Context(), root)
	require.NoError(t, err)
	assert.Equal(t, clean+"+changes", dirty)
}
