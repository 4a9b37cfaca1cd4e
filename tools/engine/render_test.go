package engine

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
)

func TestSecretsAreRenderedWithoutValues(t *testing.T) {
	text, err := withoutSecrets([]byte("kind: Secret\nmetadata:\n  name: a\ndata:\n  B: Y2FuYXJ5\n  A: Y2FuYXJ5\nstringData:\n  C: canary\n"))
	require.NoError(t, err)
	assert.Equal(t, "kind: Secret\nmetadata:\n  annotations:\n    platform/secret-keys: A,B,C\n  name: a\n", string(text))
	text, err = withoutSecrets([]byte("kind: ConfigMap\ndata:\n  A: plain\n"))
	require.NoError(t, err)
	assert.Equal(t, "data:\n  A: plain\nkind: ConfigMap\n", string(text), "others keep their data")
	_, err = withoutSecrets([]byte("kind: [\n"))
	assert.Error(t, err)
}

func TestRenderingReplacesOnlyWhatItWrote(t *testing.T) {
	from, folder := t.TempDir(), filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.MkdirAll(filepath.Join(from, "1-manifest"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(from, "1-manifest", "a.yaml"), []byte("kind: A\n"), 0o600))
	require.NoError(t, checkRenderFolder(folder), "a folder that is missing is made")
	count, err := publish(from, folder, "prod", nil)
	require.NoError(t, err)
	assert.Equal(t, 1, count)
	text, err := os.ReadFile(filepath.Join(folder, "a.yaml"))
	require.NoError(t, err)
	assert.Equal(t, "# Rendered from stack prod of the platform program: change it there.\nkind: A\n", string(text))

	require.NoError(t, checkRenderFolder(folder), "what was rendered may be replaced")
	require.NoError(t, os.Rename(filepath.Join(from, "1-manifest", "a.yaml"), filepath.Join(from, "1-manifest", "b.yaml")))
	_, err = publish(from, folder, "prod", nil)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(folder, "a.yaml"), "an object that is gone leaves no file")

	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.md"), []byte("mine"), 0o600))
	assert.ErrorContains(t, checkRenderFolder(folder), "holds notes.md, which was not rendered; name an empty folder")
}

// What is rendered is published: a secret in it leaves all as it was.
func TestNothingIsRenderedWithASecret(t *testing.T) {
	for name, manifest := range map[string]string{
		"a known value":          "kind: ConfigMap\ndata:\n  a: u:" + ofState + "\n",
		"one in base64":          "kind: ConfigMap\nbinaryData:\n  a: " + base64.StdEncoding.EncodeToString([]byte(ofState)) + "\n",
		"what looks like one":    "kind: ConfigMap\ndata:\n  a: " + unknown + "\n",
		"in a Secret's metadata": "kind: Secret\nmetadata:\n  annotations:\n    a: " + ofState + "\ndata: {}\n",
	} {
		t.Run(name, func(t *testing.T) {
			from, folder := t.TempDir(), t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "before.yaml"), []byte("kind: A\n"), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(from, "a.yaml"), []byte(manifest), 0o600))
			_, err := publish(from, folder, "prod", secret.NewKnown(ofState))
			require.ErrorContains(t, err, "a.yaml holds a secret outside of a Secret")
			assert.NotContains(t, err.Error(), ofState)
			assert.FileExists(t, filepath.Join(folder, "before.yaml"))
			assert.NoFileExists(t, filepath.Join(folder, "a.yaml"))
		})
	}
}
