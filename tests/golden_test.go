// Package tests holds what is tested of the program as a whole: each stack's
// whole output, and deployments by the real engine.
package tests

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/stacks"
	"platform/tests/recorder"
)

var update = flag.Bool("update", false, "rewrite the golden files: go test ./tests -run Golden -update")

// rendered is a stack's configuration as rendering uses it: no cluster is
// asked, and every secret has a fixed value.
func rendered(t *testing.T, stack string) config.Platform {
	t.Helper()
	cfg, err := config.ReadFile(stack, filepath.Join("..", fmt.Sprintf("Pulumi.%s.yaml", stack)))
	require.NoError(t, err)
	cfg.Shared().Render.Directory = t.TempDir()
	cfg.Shared().Secrets.Source = config.SourceFixed
	return cfg
}

func record(t *testing.T, stack string, cfg config.Platform) []recorder.Resource {
	t.Helper()
	resources, err := recorder.Run(stack, func(ctx *pulumi.Context) error {
		if cfg, ok := cfg.(*config.EddCloud); ok {
			return stacks.EddCloud(ctx, cfg)
		}
		return stacks.EPFL(ctx, cfg.(*config.EPFL))
	})
	require.NoError(t, err)
	return resources
}

func TestGolden(t *testing.T) {
	for _, stack := range config.Stacks() {
		t.Run(stack, func(t *testing.T) {
			got := asYAML(t, record(t, stack, rendered(t, stack)))
			path := filepath.Join("testdata", "golden", stack+".yaml")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "write it with go test ./tests -run Golden -update")
			assert.Equal(t, string(want), got, "if the change is meant, rewrite it with go test ./tests -run Golden -update")
		})
	}
}

// asYAML prints one document a resource, without what differs from run to run.
func asYAML(t *testing.T, resources []recorder.Resource) string {
	t.Helper()
	var text strings.Builder
	for _, r := range resources {
		if strings.HasPrefix(r.Type, "pulumi:") {
			continue // providers, whose inputs name this run's folder
		}
		document := map[string]any{"type": r.Type, "name": r.Name}
		if len(r.Inputs) > 0 {
			document["inputs"] = r.Inputs
		}
		if r.Protect {
			document["protect"] = true
		}
		if r.RetainOnDelete {
			document["retainOnDelete"] = true
		}
		content, err := yaml.Marshal(document)
		require.NoError(t, err)
		text.WriteString("---\n" + string(content))
	}
	return text.String()
}

func TestGoldenHoldsNoSecret(t *testing.T) {
	for _, stack := range config.Stacks() {
		content, err := os.ReadFile(filepath.Join("testdata", "golden", stack+".yaml"))
		require.NoError(t, err)
		assert.NotContains(t, string(content), "fixed-", "a secret value in the golden file of %s", stack)
		assert.Contains(t, string(content), recorder.Masked)
	}
}
