package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMend(t *testing.T) {
	const whole = `{"version": 3, "checkpoint": {"latest": null}}`
	for name, tc := range map[string]struct {
		state, last, backup string // of the state, of its last copy and of an older one; empty means that there is none
		want, err           string
		torn                bool
	}{
		"whole":             {state: whole, last: `{"checkpoint": 1}`, want: whole},
		"empty":             {state: "\n", last: whole, backup: `{"checkpoint": 1}`, want: whole, torn: true},
		"cut":               {state: whole[:20], last: whole, want: whole, torn: true},
		"the copy as well":  {state: whole[:20], last: whole[:10], backup: whole, want: whole, torn: true},
		"another JSON":      {state: `{"version": 3}`, last: whole, want: whole, torn: true},
		"no copy is whole":  {state: whole[:20], last: whole[:10], want: whole[:20], err: "so is every copy"},
		"there is no copy":  {state: whole[:20], want: whole[:20], err: "so is every copy"},
		"there is no state": {err: "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			s := &Session{Stack: "local", own: true, home: t.TempDir(), out: &out}
			backups := filepath.Join(filepath.Dir(s.checkpoint()), "..", "..", "backups", "platform", "local")
			require.NoError(t, os.MkdirAll(filepath.Dir(s.checkpoint()), 0o700))
			require.NoError(t, os.MkdirAll(backups, 0o700))
			age := time.Now().Add(-time.Hour)
			for path, text := range map[string]string{s.checkpoint(): tc.state, s.checkpoint() + ".bak": tc.last, filepath.Join(backups, "local.1.json"): tc.backup} {
				if text == "" {
					continue
				}
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
				if filepath.Dir(path) == backups {
					require.NoError(t, os.Chtimes(path, age, age))
				}
			}
			err := s.mend()
			if tc.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.err)
			}
			text, _ := os.ReadFile(s.checkpoint())
			assert.Equal(t, tc.want, string(text))
			if tc.torn {
				assert.Contains(t, out.String(), "takes its place")
				kept, err := os.ReadFile(s.checkpoint() + ".torn")
				require.NoError(t, err)
				assert.Equal(t, tc.state, string(kept))
			} else {
				assert.Empty(t, out.String())
			}
		})
	}
	assert.NoError(t, (&Session{Stack: "prod", home: t.TempDir()}).mend(), "the state of a team is no file")
}

func TestCompanionsGo(t *testing.T) {
	folder := t.TempDir()
	stacks := filepath.Join(folder, ".pulumi", "stacks", "platform")
	require.NoError(t, os.MkdirAll(stacks, 0o700))
	meta, state := filepath.Join(folder, ".pulumi", "meta.yaml"), filepath.Join(stacks, "local.json")
	for _, path := range []string{meta, meta + companionSuffix, state, state + companionSuffix} {
		require.NoError(t, os.WriteFile(path, nil, 0o600))
	}
	for range 2 {
		require.NoError(t, withoutCompanions(folder))
		assert.FileExists(t, meta)
		assert.FileExists(t, state)
		assert.NoFileExists(t, meta+companionSuffix)
		assert.NoFileExists(t, state+companionSuffix)
	}
	require.NoError(t, withoutCompanions(t.TempDir()), "there is none yet")
}
