package documents

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDocumentsAreRead(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("b.yaml", `# breaks: one, two
# breaks: three
# options: {as: other, parent: a-configmap-b, protect: true, ignoreChanges: [spec.x], provider: none, deleteBeforeReplace: true}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: a}
---
# undecided: four
type: pulumi:providers:kubernetes
name: cluster
properties: {context: <secret>hidden, list: [<secret>away, <unknown>]}
---
# breaks: five
`)
	write("a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: a}}")
	write("notes.txt", "no document")
	all, err := Read(folder)
	require.NoError(t, err)
	require.Len(t, all, 4)

	assert.Equal(t, "a.yaml", all[0].File)
	assert.Equal(t, "kubernetes:core/v1:ConfigMap", all[0].Type())
	assert.Equal(t, "a-configmap-b", all[0].Name())
	assert.Equal(t, all[0].Content, all[0].Properties())

	assert.Equal(t, "kubernetes:apps/v1:Deployment", all[1].Type())
	assert.Equal(t, "other", all[1].Name())
	assert.Equal(t, []string{"one", "two", "three"}, all[1].Breaks)
	assert.Equal(t, Options{
		As: "other", Parent: "a-configmap-b", Provider: NoProvider, Protect: true, DeleteBeforeReplace: true, IgnoreChanges: []string{"spec.x"},
	}, all[1].Options)

	assert.Equal(t, "pulumi:providers:kubernetes", all[2].Type())
	assert.Equal(t, "cluster", all[2].Name())
	assert.Equal(t, []string{"four"}, all[2].Undecided)
	assert.NotContains(t, all[2].Properties(), "type")
	assert.ElementsMatch(t, []string{"hidden", "away"}, all[2].Secrets())

	assert.Empty(t, all[3].Content)
	assert.Equal(t, []string{"five"}, all[3].Breaks)
}

func TestErrorsOfDocuments(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"no type":        {"{apiVersion: v1, metadata: {name: a}}", "a document has apiVersion and kind, or type and name"},
		"unknown option": {"# options: {protected: true}\n{apiVersion: v1, kind: Pod}", `unknown field "protected"`},
		"some provider":  {"# options: {provider: mine}\n{apiVersion: v1, kind: Pod}", `provider "mine" is not "none"`},
		"twice":          {"{apiVersion: v1, kind: Pod, kind: Pod}", `key "kind" already set`},
		"no YAML":        {"a: b: c", "mapping values are not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.yaml")
			require.NoError(t, os.WriteFile(path, []byte("# fine\n---\n"+tc.text), 0o600))
			_, err := Read(filepath.Dir(path))
			require.ErrorContains(t, err, "document 2 of "+path)
			assert.ErrorContains(t, err, tc.want)
		})
	}
	_, err := Read(t.TempDir())
	assert.ErrorContains(t, err, "holds no documents")
}

// Two documents of one name and type would fail in the engine.
func TestTheDocumentsOfStacks(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("..", "testdata", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		all, err := Read(folder)
		require.NoError(t, err)
		named := map[string]bool{}
		for _, d := range all {
			id := d.Type() + " " + d.Name()
			assert.False(t, named[id] && len(d.Content) > 0, "%s is twice in %s", id, folder)
			named[id] = true
		}
	}
}
