package toolchain

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStampVersionKeepsTheRest(t *testing.T) {
	for name, tc := range map[string]struct{ schema, want string }{
		"none":    {`{"name":"kubernetes","types":{"a":[1,2.50,"<x>"]}}`, `{"name":"kubernetes","types":{"a":[1,2.50,"<x>"]},"version":"4.29.0"}`},
		"another": {`{"version":"4.0.0","resources":{"version":"v1"}}`, `{"resources":{"version":"v1"},"version":"4.29.0"}`},
	} {
		t.Run(name, func(t *testing.T) {
			stamped, err := stampVersion([]byte(tc.schema), "4.29.0")
			require.NoError(t, err)
			assert.JSONEq(t, tc.want, string(stamped))
		})
	}
	_, err := stampVersion([]byte(`[]`), "4.29.0")
	require.Error(t, err)
}

func TestOverlayIsSeenInTheFolderOnly(t *testing.T) {
	into, folder := t.TempDir(), t.TempDir()
	list, err := writeOverlay(filepath.Join(into, overlayFolder), folder, map[string][]byte{"schema-embed.json": []byte("{}")})
	require.NoError(t, err)
	text, err := os.ReadFile(list)
	require.NoError(t, err)
	var overlay struct{ Replace map[string]string }
	require.NoError(t, json.Unmarshal(text, &overlay))
	at := filepath.Join(into, overlayFolder, "schema-embed.json")
	assert.Equal(t, map[string]string{filepath.Join(folder, "schema-embed.json"): at}, overlay.Replace)
	assert.FileExists(t, at)
	assert.NoFileExists(t, filepath.Join(folder, "schema-embed.json"))
}

// A program embeds a file that only the overlay has.
func TestBuildWithOverlay(t *testing.T) {
	root := newCheckout(t)
	write(t, filepath.Join(root, "tools", "hello", "main.go"),
		"package main\n\nimport _ \"embed\"\n\n//go:embed word.txt\nvar word string\n\nfunc main() { println(word) }\n")
	one := hello
	one.builds = []build{hello.builds[0]}
	one.builds[0].overlay = func(context.Context, job) (map[string][]byte, error) {
		return map[string][]byte{"word.txt": []byte("overlaid")}, nil
	}
	tools, err := Ensure(t.Context(), Options{Root: root, catalog: []tool{one}})
	require.NoError(t, err)
	said, err := exec.Command(tools.Path("hello")).CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "overlaid\n", string(said))
	assert.NoDirExists(t, filepath.Join(tools.folders["hello"], overlayFolder))
}
