package toolchain

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The versions in the catalogue are what users see; the go.mod files are what
// is built. The provider's module has a version of another kind, and both
// providers must be those that the program's SDKs ask for.
func TestVersionsAreThoseOfTheModules(t *testing.T) {
	for _, tc := range []struct{ file, module, version string }{
		{"pulumi/go.mod", "github.com/pulumi/pulumi/pkg/v3", pulumiVersion},
		{"../go.mod", "github.com/pulumi/pulumi/sdk/v3", pulumiVersion},
		{"../go.mod", "github.com/pulumi/pulumi-kubernetes/sdk/v4", providerKubernetesVersion},
		{"../go.mod", "github.com/pulumi/pulumi-random/sdk/v4", providerRandomVersion},
		{"kubernetes/go.mod", "k8s.io/kubernetes", KubernetesVersion},
		{"etcd/go.mod", "go.etcd.io/etcd/server/v3", etcdVersion},
		{"kwok/go.mod", "sigs.k8s.io/kwok", kwokVersion},
		{"metallb/go.mod", "go.universe.tf/metallb", metallbVersion},
		{"node-programs/go.mod", "github.com/coredns/coredns", corednsVersion},
		{"node-programs/go.mod", "github.com/cloudnativelabs/kube-router/v2", kubeRouterVersion},
		{"node-programs/go.mod", "sigs.k8s.io/metrics-server", metricsServerVersion},
		{"golangci-lint/go.mod", "github.com/golangci/golangci-lint/v2", golangciLintVersion},
		{"promtool/go.mod", "github.com/prometheus/prometheus", promtoolVersion},
	} {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(tc.file)))
		require.NoError(t, err)
		assert.Contains(t, string(text), tc.module+" v"+tc.version, tc.file)
	}
}

func TestCatalogueIsWhole(t *testing.T) {
	grouped := map[Name]bool{}
	for _, group := range [][]Name{Engine, Cluster, LoadBalancer, Nodes, Speakers, Lint} {
		for _, name := range group {
			assert.False(t, grouped[name], "%s is in two groups", name)
			grouped[name] = true
		}
	}
	for _, one := range projectTools() {
		assert.True(t, grouped[one.name], "%s is in no group", one.name)
		delete(grouped, one.name)
		for _, b := range one.builds {
			assert.FileExists(t, filepath.Join("..", b.folder, "go.mod"))
			assert.FileExists(t, filepath.Join("..", b.folder, "go.sum"))
		}
	}
	assert.Empty(t, grouped, "in a group, not in the catalogue")
}

func TestCRDModulesArePinned(t *testing.T) {
	for folder, sources := range map[Name][]source{CRDs: crdSources, MetalLB: metallbSources} {
		sums, err := os.ReadFile(filepath.Join("..", string(folder), "go.sum"))
		require.NoError(t, err)
		for _, s := range sources {
			pinned := false
			for line := range strings.Lines(string(sums)) {
				pinned = pinned || strings.HasPrefix(line, s.Module+" v") && !strings.Contains(line, "/go.mod ")
			}
			assert.True(t, pinned, "go.sum of %s holds no content of %s", folder, s.Module)
		}
	}
}

func TestLanguageHostWrapper(t *testing.T) {
	folder := t.TempDir()
	script(t, filepath.Join(folder, libexecFolder, "pulumi-language-go"), `printf '<%s>' "$@"`+"\n")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, binFolder), 0o755))
	host := filepath.Join(folder, binFolder, "pulumi-language-go")
	require.NoError(t, writeWrapper(host, languageHostWrapper))
	for target, want := range map[string]string{"": "<-root><a b>", "/tmp/x y": "<-buildTarget></tmp/x y><-root><a b>"} {
		t.Setenv("PLATFORM_BUILD_TARGET", target)
		out, err := exec.Command(host, "-root", "a b").Output()
		require.NoError(t, err)
		assert.Equal(t, want, string(out))
	}
}
