package toolchain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOfficialPulumi(t *testing.T) {
	for name, tc := range map[string]struct {
		pulumi string // script; empty means none on PATH
		forced bool
		used   bool
		says   string
	}{
		"the version":     {"echo v3.259.0", false, true, ""},
		"a newer one":     {"echo v3.301.2", false, true, ""},
		"an older one":    {"echo v3.258.9", false, false, "is version 3.258.9; 3.259.0 is needed and built here"},
		"a pre-release":   {"echo v3.259.0-alpha.1", false, false, "3.259.0 is needed"},
		"no version":      {"echo 'dev build'", false, false, ""},
		"a broken one":    {"exit 1", false, false, ""},
		"none":            {"", false, false, ""},
		"one not to use":  {"echo v3.259.0", true, false, ""},
		"and not too old": {"echo v3.1.0", true, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			root, out, bin := newCheckout(t), &buffer{}, t.TempDir()
			if tc.pulumi != "" {
				script(t, filepath.Join(bin, "pulumi"), tc.pulumi+"\n")
			}
			if tc.forced {
				t.Setenv("PLATFORM_TOOLCHAIN", "build")
			}
			t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			engine := hello
			engine.name = Pulumi
			tools, err := Ensure(t.Context(), Options{Root: root, Out: out, catalog: []tool{engine}})
			require.NoError(t, err)
			assert.Equal(t, tc.used, tools.Official())
			if tc.says != "" {
				assert.Contains(t, out.String(), tc.says)
			}
			if tc.used {
				assert.Equal(t, filepath.Join(bin, "pulumi"), tools.Pulumi())
				assert.Empty(t, out.String(), "nothing is built")
				assert.NotContains(t, tools.Env(), "PULUMI_HOME="+tools.home(), "the user's own stays")
				return
			}
			assert.Contains(t, out.String(), "pulumi 1.0.0: building")
			assert.Contains(t, tools.Env(), "PULUMI_HOME="+tools.home())
		})
	}
}

// A program that runs with the toolchain's PATH finds the pulumi built here.
func TestBuiltPulumiIsNotOfficial(t *testing.T) {
	root := newCheckout(t)
	bin := filepath.Join(os.Getenv("PLATFORM_CACHE"), "toolchain", "pulumi-1.0.0-0", "bin")
	script(t, filepath.Join(bin, "pulumi"), "echo v3.259.0\n")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	engine := hello
	engine.name = Pulumi
	tools, err := Ensure(t.Context(), Options{Root: root, catalog: []tool{engine}})
	require.NoError(t, err)
	assert.False(t, tools.Official())
}
