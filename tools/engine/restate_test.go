package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/toolchain"
)

// A state is written only where it is still the one that was read: somebody else
// may deploy meanwhile.
func TestAStateThatHasChangedIsNotWritten(t *testing.T) {
	const read, other = `{"deployment": {"resources": []}}`, `{"deployment": {"resources": [{"urn": "urn:new"}]}}`
	for name, c := range map[string]struct {
		now     string
		written bool
	}{
		"as it was read":         {read, true},
		"with a new resource":    {other, false},
		"with other white space": {read + " ", false}, // it was written again
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			now, imported, cli := filepath.Join(folder, "now.json"), filepath.Join(folder, "imported.json"), filepath.Join(folder, "pulumi")
			require.NoError(t, os.WriteFile(now, []byte(c.now), 0o600))
			require.NoError(t, os.WriteFile(cli, []byte("#!/bin/sh\ncase \"$2\" in export) cat "+now+" ;; import) cat >"+imported+" ;; esac\n"), 0o755))
			var out bytes.Buffer
			s := &Session{Stack: "dev", own: true, home: folder, project: folder, cli: cli, tools: &toolchain.Toolchain{}, out: &out}
			err := s.restate(t.Context(), parse(t, read), []byte(other))
			if c.written {
				require.NoError(t, err)
				text, err := os.ReadFile(imported)
				require.NoError(t, err)
				assert.JSONEq(t, other, string(text))
				assert.Contains(t, out.String(), "the state before is kept in ")
				return
			}
			require.ErrorContains(t, err, "the state of stack dev has changed since it was read, so somebody works on it: nothing was written; wait for them, then run make recover STACK=dev again")
			assert.NoFileExists(t, imported)
		})
	}
}
