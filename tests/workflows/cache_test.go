package workflows

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	hashed = regexp.MustCompile(`hashFiles\(([^)]*)\)`)
	quoted = regexp.MustCompile(`'([^']*)'`)
)

// TestCacheFollowsTheToolchain: the key of the cache hashes every file that
// the toolchain hashes, which is all of each folder with a go.mod below tools,
// and the catalogue, which has versions and flags.
func TestCacheFollowsTheToolchain(t *testing.T) {
	found := hashed.FindStringSubmatch(load(t)["actions/prepare/action.yml"])
	require.Len(t, found, 2)
	var patterns []string
	for _, pattern := range quoted.FindAllStringSubmatch(found[1], -1) {
		patterns = append(patterns, pattern[1])
	}
	covered := func(path string) bool {
		for _, pattern := range patterns {
			if doublestar.MatchUnvalidated(pattern, path) {
				return true
			}
		}
		return false
	}
	folders, err := filepath.Glob(filepath.Join(root, "tools", "*", "go.mod"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	folders = append(folders, filepath.Join(root, "tools", "toolchain", "tool.go"))
	for _, file := range folders {
		require.NoError(t, filepath.WalkDir(filepath.Dir(file), func(path string, entry fs.DirEntry, err error) error {
			name, relErr := filepath.Rel(root, path)
			require.NoError(t, relErr)
			if entry.Type().IsRegular() && !strings.HasSuffix(name, "_test.go") {
				assert.True(t, covered(filepath.ToSlash(name)), "%s is not part of the cache's key", name)
			}
			return err
		}))
	}
	assert.False(t, covered("tools/engine/plan.go"), "what builds no tool")
}

// TestCachesAreThose that are used: the folder is the toolchain's own.
func TestCachesAreThose(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(root, "tools", "toolchain", "root.go"))
	require.NoError(t, err)
	assert.Contains(t, string(source), `filepath.Join(user, "platform")`)
	assert.Contains(t, load(t)["actions/prepare/action.yml"], "path: ~/.cache/platform/toolchain\n")
}

// TestDependabotSeesEveryPin: a folder that it does not look into grows old.
func TestDependabotSeesEveryPin(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, ".github", "dependabot.yml"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "directories: [/, /.github/actions/*]")
	assert.Contains(t, string(text), "package-ecosystem: gomod\n    directory: /\n")
}
