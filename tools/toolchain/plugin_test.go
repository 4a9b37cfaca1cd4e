package toolchain

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func pluginCatalog(t *testing.T, root string) []tool {
	t.Helper()
	write(t, filepath.Join(root, "tools", "cli", "go.mod"), rootModule+"/tools/cli\n\ngo 1.26\n")
	write(t, filepath.Join(root, "tools", "cli", "main.go"), "package main\n\nfunc main() {}\n")
	plugin := hello
	plugin.plugin = "greeting"
	return []tool{
		{name: Pulumi, version: "1.0.0", builds: []build{{folder: "cli", packages: []string{"."}, output: "pulumi"}}},
		plugin,
	}
}

func TestPluginsAreWhereTheCLILooks(t *testing.T) {
	root := newCheckout(t)
	t.Setenv("PLATFORM_TOOLCHAIN", "build")
	options := Options{Root: root, catalog: pluginCatalog(t, root)}
	tools, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	plugin := filepath.Join(tools.home(), "plugins", "resource-greeting-v1.0.0", "pulumi-resource-greeting")
	runs := func(tools *Toolchain) {
		t.Helper()
		linked, err := os.Readlink(plugin)
		require.NoError(t, err)
		assert.Equal(t, tools.Path("hello"), linked)
		require.NoError(t, exec.Command(plugin).Run())
		entries, err := os.ReadDir(filepath.Dir(plugin))
		require.NoError(t, err)
		assert.Len(t, entries, 1)
	}
	runs(tools)
	tools, err = Ensure(t.Context(), options)
	require.NoError(t, err)
	runs(tools)

	require.NoError(t, os.Remove(plugin))
	require.NoError(t, os.WriteFile(plugin, []byte("installed by the CLI"), 0o600))
	write(t, filepath.Join(root, "tools", "hello", "more.go"), "package main\n")
	another, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	assert.NotEqual(t, tools.Path("hello"), another.Path("hello"), "another build of the same version")
	runs(another)
}

func TestPluginsThatCannotBeLinked(t *testing.T) {
	root := newCheckout(t)
	t.Setenv("PLATFORM_TOOLCHAIN", "build")
	cache := t.TempDir()
	t.Setenv("PLATFORM_CACHE", cache)
	write(t, filepath.Join(cache, "pulumi-home", "plugins", "resource-greeting-v1.0.0"), "a file in the place of the folder")
	_, err := Ensure(t.Context(), Options{Root: root, catalog: pluginCatalog(t, root)})
	require.ErrorContains(t, err, "toolchain: plugin greeting 1.0.0: ")
}
