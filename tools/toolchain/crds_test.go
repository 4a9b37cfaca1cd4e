package toolchain

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModuleFolders(t *testing.T) {
	folders, err := moduleFolders([]byte(`{"Path":"a.test/x","Dir":"/x"}` + "\n" + `{"Path":"b.test/y","Dir":"/y"}`))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a.test/x": "/x", "b.test/y": "/y"}, folders)
	_, err = moduleFolders([]byte("no"))
	require.ErrorContains(t, err, "output of go mod download")
}

func TestSourceCopiesWhatMatches(t *testing.T) {
	from, into := t.TempDir(), filepath.Join(t.TempDir(), "sub")
	write(t, filepath.Join(from, "crd", "a.yaml"), "a")
	write(t, filepath.Join(from, "crd", "README.md"), "b")
	require.NoError(t, source{Module: "a.test/x", Patterns: []string{"crd/*.yaml"}}.copy(from, into))
	assert.FileExists(t, filepath.Join(into, "a.yaml"))
	assert.NoFileExists(t, filepath.Join(into, "README.md"))

	err := source{Module: "a.test/x", Patterns: []string{"crd/*.yaml", "old/*.yaml"}}.copy(from, into)
	require.EqualError(t, err, "a.test/x holds no old/*.yaml")
}
