package toolchain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cliSource is a CLI that installs a plugin and writes down its arguments.
const cliSource = `package main

import (
	"os"
	"path/filepath"
	"strings"
)

func main() {
	home := os.Getenv("PULUMI_HOME")
	if os.Args[5] == "0.0.0" {
		println("bad version")
		os.Exit(1)
	}
	_ = os.MkdirAll(filepath.Join(home, "plugins", "resource-"+os.Args[4]+"-v"+os.Args[5]), 0o700)
	calls, _ := os.OpenFile(filepath.Join(home, "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	_, _ = calls.WriteString(strings.Join(os.Args[1:], " ") + "\n")
}
`

func pluginCatalog(t *testing.T, root string) []tool {
	t.Helper()
	write(t, filepath.Join(root, "tools", "cli", "go.mod"), rootModule+"/tools/cli\n\ngo 1.26\n")
	write(t, filepath.Join(root, "tools", "cli", "main.go"), cliSource)
	plugin := hello
	plugin.plugin = "greeting"
	return []tool{
		{name: Pulumi, version: "1.0.0", builds: []build{{folder: "cli", packages: []string{"."}, output: "pulumi"}}},
		plugin,
	}
}

func TestPluginsAreInstalledOnce(t *testing.T) {
	root := newCheckout(t)
	t.Setenv("PLATFORM_TOOLCHAIN", "build")
	options := Options{Root: root, catalog: pluginCatalog(t, root)}
	tools, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	want := "plugin install resource greeting 1.0.0 --file " + tools.Path("hello") + " --exact --reinstall\n"
	assert.Equal(t, want, calls(t, tools))
	_, err = Ensure(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, want, calls(t, tools))

	write(t, filepath.Join(root, "tools", "hello", "more.go"), "package main\n")
	_, err = Ensure(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(calls(t, tools), "\n"), "another build of the same version replaces it")
}

func TestFailedPluginInstallation(t *testing.T) {
	root := newCheckout(t)
	t.Setenv("PLATFORM_TOOLCHAIN", "build")
	catalog := pluginCatalog(t, root)
	catalog[1].version = "0.0.0"
	_, err := Ensure(t.Context(), Options{Root: root, catalog: catalog})
	require.ErrorContains(t, err, "toolchain: plugin greeting 0.0.0: exit status 1; repeat it with\n  cd ")
	require.ErrorContains(t, err, "bad version")
}

func calls(t *testing.T, tools *Toolchain) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tools.home(), "calls"))
	require.NoError(t, err)
	return string(text)
}
