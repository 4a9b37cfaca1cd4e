package toolchain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHomeKeepsNoDebugLogs(t *testing.T) {
	tools := &Toolchain{cache: t.TempDir(), folders: map[Name]string{Pulumi: "built"}}
	logs := filepath.Join(tools.home(), debugLogs)
	require.NoError(t, os.MkdirAll(logs, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(logs, "old.log"), []byte("values"), 0o600))
	for range 2 {
		require.NoError(t, tools.prepareHome())
		info, err := os.Stat(logs)
		require.NoError(t, err)
		assert.False(t, info.IsDir())
	}
}

func TestOfficialHomeIsLeftAlone(t *testing.T) {
	tools := &Toolchain{cache: t.TempDir(), folders: map[Name]string{}, official: "/usr/bin/pulumi"}
	require.NoError(t, tools.prepareHome())
	assert.NoDirExists(t, tools.home())
}
