package toolchain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoginIsInNoCache(t *testing.T) {
	for name, tc := range map[string]struct {
		old, there string // credentials in the cache, and in the new place
		named      bool   // by the user
		want, left string
	}{
		"none":               {},
		"of earlier":         {old: "token", want: "token"},
		"both":               {old: "token", there: "newer", want: "newer", left: "token"},
		"the user's folder":  {old: "token", named: true, left: "token"},
		"taken over already": {there: "token", want: "token"},
	} {
		t.Run(name, func(t *testing.T) {
			state := t.TempDir()
			t.Setenv("XDG_STATE_HOME", state)
			t.Setenv(credentialsPath, "")
			if tc.named {
				t.Setenv(credentialsPath, t.TempDir())
			}
			tools := &Toolchain{cache: t.TempDir(), folders: map[Name]string{Pulumi: "built"}}
			old, there := filepath.Join(tools.home(), "credentials.json"), filepath.Join(state, "platform", "login", "credentials.json")
			for path, text := range map[string]string{old: tc.old, there: tc.there} {
				if text != "" {
					require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
					require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
				}
			}
			for range 2 {
				require.NoError(t, tools.prepareLogin())
				for path, want := range map[string]string{old: tc.left, there: tc.want} {
					text, err := os.ReadFile(path)
					assert.Equal(t, want == "", os.IsNotExist(err), path)
					assert.Equal(t, want, string(text), path)
				}
			}
			if tc.named {
				assert.NotContains(t, tools.Env(), credentialsPath+"="+filepath.Dir(there))
				assert.NoDirExists(t, filepath.Dir(there))
				return
			}
			assert.Contains(t, tools.Env(), credentialsPath+"="+filepath.Dir(there))
			info, err := os.Stat(filepath.Dir(there))
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
		})
	}
}

func TestLoginIsCarriedToAnotherFileSystem(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "credentials.json"), filepath.Join(t.TempDir(), "credentials.json")
	require.NoError(t, os.WriteFile(from, []byte("token"), 0o600))
	require.NoError(t, carryOver(from, to))
	text, err := os.ReadFile(to)
	require.NoError(t, err)
	assert.Equal(t, "token", string(text))
	assert.NoFileExists(t, from)
}

func TestOfficialPulumiKeepsItsLogin(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	tools := &Toolchain{cache: t.TempDir(), folders: map[Name]string{}, official: "/usr/bin/pulumi"}
	require.NoError(t, tools.prepareLogin())
	for _, one := range tools.Env() {
		assert.NotContains(t, one, credentialsPath)
	}
}

func TestStateFolderIsAbsolute(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "state")
	tools := &Toolchain{cache: t.TempDir(), folders: map[Name]string{Pulumi: "built"}}
	err := tools.prepareLogin()
	require.ErrorContains(t, err, `XDG_STATE_HOME: "state" is relative`)
	require.ErrorContains(t, err, "give it an absolute path, or unset it")
}
