package toolchain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeyFollowsWhatIsBuilt(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(t *testing.T, one *tool, folder string)
		same   bool
	}{
		"nothing": {func(*testing.T, *tool, string) {}, true},
		"touched": {func(t *testing.T, _ *tool, folder string) { write(t, filepath.Join(folder, "main.go"), helloSource) }, true},
		"content": {func(t *testing.T, _ *tool, folder string) {
			write(t, filepath.Join(folder, "main.go"), helloSource+"\n")
		}, false},
		"new file": {func(t *testing.T, _ *tool, folder string) { write(t, filepath.Join(folder, "deep", "go.sum"), "") }, false},
		"renamed file": {func(t *testing.T, _ *tool, folder string) {
			require.NoError(t, os.Rename(filepath.Join(folder, "main.go"), filepath.Join(folder, "other.go")))
		}, false},
		"version": {func(_ *testing.T, one *tool, _ string) { one.version = "1.0.1" }, false},
		"flags":   {func(_ *testing.T, one *tool, _ string) { one.builds[0].ldflags = "-X main.version=2" }, false},
		"static":  {func(_ *testing.T, one *tool, _ string) { one.builds[0].static = true }, false},
		"wrapper": {func(_ *testing.T, one *tool, _ string) { one.builds[0].wrapper = "#!/bin/sh" }, false},
		"cgo":     {func(t *testing.T, _ *tool, _ string) { t.Setenv("CGO_ENABLED", "0") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CGO_ENABLED", "1")
			tools := filepath.Join(newCheckout(t), "tools")
			one := hello
			one.builds = []build{hello.builds[0]}
			before, err := one.key(tools)
			require.NoError(t, err)
			tc.mutate(t, &one, filepath.Join(tools, "hello"))
			after, err := one.key(tools)
			require.NoError(t, err)
			assert.Equal(t, tc.same, before == after)
			assert.Len(t, after, keyLength)
		})
	}
}
