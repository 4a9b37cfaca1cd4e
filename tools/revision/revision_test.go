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
	clean := Head(t.Context(), root)
	assert.Regexp(t, `^[0-9a-f]{40}$`, clean)
	require.NoError(t, os.WriteFile(filepath.Join(root, "file"), []byte("three"), 0o600))
	assert.Equal(t, clean+"+changes", Head(t.Context(), root))
}

// TestWithoutGit is an unpacked archive, a checkout of another user, and a
// machine without git: what needs no history works.
func TestWithoutGit(t *testing.T) {
	for name, root := range map[string]func(*testing.T) string{
		"archive": func(t *testing.T) string { return t.TempDir() },
		"another user's": func(t *testing.T) string {
			root := repository(t)
			t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true")
			t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			return root
		},
		"no git": func(t *testing.T) string {
			root := repository(t)
			t.Setenv("PATH", t.TempDir())
			return root
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := root(t)
			assert.Empty(t, Head(t.Context(), folder))
			_, err := Checkout(t.Context(), folder, "main")
			require.ErrorContains(t, err, `base "main": git cannot read the history of `+folder)
			assert.ErrorContains(t, err, "use a clone of your own, or name no base")
		})
	}
}
