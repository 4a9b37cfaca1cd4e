//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namesInSecrets are keys of Secrets that hold names and nothing to hide.
var namesInSecrets = []string{"POSTGRES_DB", "POSTGRES_USER"}

// hidesSecrets looks for every value of every Secret in all that was printed
// and in all that was written.
func hidesSecrets(t *testing.T, c *checkout, l live) {
	c.make("preview", "ARGS=--diff")
	c.make("render", "OUT="+filepath.Join(c.dir, "out", "manifests"))
	secrets, err := l.typed.CoreV1().Secrets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	values := map[string]string{}
	for _, secret := range secrets.Items {
		for key, value := range secret.Data {
			if !slices.Contains(namesInSecrets, key) {
				values[secret.Name+"/"+key] = string(value)
			}
		}
	}
	require.NotEmpty(t, values)
	hidden := func(where, text string) {
		for name, value := range values {
			if strings.Contains(text, value) {
				t.Errorf("%s shows %s", where, name) // and this does not
			}
		}
	}
	hidden("output", c.output.String())
	for _, folder := range []string{filepath.Join(c.home(""), "state"), filepath.Join(c.home(""), "project"), filepath.Join(c.dir, "out")} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			hidden(path, string(text))
			return err
		}))
	}
}

// rotatesGenerated makes one value again, and refuses the one that the database
// keeps itself.
func rotatesGenerated(t *testing.T, c *checkout, l live) {
	before, digests := generations(l), l.digests()
	out := c.make("rotate", "SECRET=backend-secrets/SECRET_KEY")
	assert.Contains(t, out, "backend-secrets/SECRET_KEY gets a new value")
	assert.Contains(t, out, "Secrets that change:\n  ~ backend-secrets: SECRET_KEY\n")
	var rolled, changed []string
	for name, generation := range generations(l) {
		if generation != before[name] {
			rolled = append(rolled, name)
		}
	}
	for name, digest := range l.digests() {
		if digest != digests[name] {
			changed = append(changed, name)
		}
	}
	assert.ElementsMatch(t, []string{"backend", "celery-worker"}, rolled)
	assert.Equal(t, []string{"backend-secrets"}, changed)
	assert.Contains(t, c.refuse("rotate", "SECRET=postgres-credentials/admin-password"), "superuser")
	c.make("preview", "ARGS=--expect-no-changes")
}
