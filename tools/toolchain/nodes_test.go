package toolchain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// One other version among them, of a module that much depends on, makes the
// build of such a program take as long as that of Kubernetes.
func TestProgramsBesideKubernetesHaveItsModules(t *testing.T) {
	kubernetes := modules(t, string(Kubernetes))
	delete(kubernetes, "k8s.io/kubectl") // crictl does not build with the newer one, and nothing else has it
	for _, folder := range []string{nodePrograms, string(MetalLB)} {
		shared := 0
		for module, version := range modules(t, folder) {
			if want := kubernetes[module]; want != "" {
				assert.Equal(t, want, version, "%s: replace it in %s/go.mod by the version of %s/go.mod", module, folder, Kubernetes)
				shared++
			}
		}
		assert.Greater(t, shared, 40, "%s: the files are read as they are written", folder)
	}
}

// modules are the versions in a go.mod, where something is replaced those that
// replace it.
func modules(t *testing.T, folder string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", folder, "go.mod"))
	require.NoError(t, err)
	versions := map[string]string{}
	for line := range strings.Lines(string(text)) {
		switch words := strings.Fields(line); {
		case len(words) >= 4 && words[1] == "=>":
			versions[words[0]] = words[3]
		case len(words) >= 2 && strings.HasPrefix(words[1], "v"):
			versions[words[0]] = words[1]
		}
	}
	return versions
}

func TestStaticFlags(t *testing.T) {
	for cgo, want := range map[string]string{"0": "", "1": " -linkmode=external -extldflags=-static"} {
		t.Setenv("CGO_ENABLED", cgo)
		flags, err := staticFlags(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, flags)
	}
}
