package toolchain

import (
	"archive/zip"
	"bytes"
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

// A tool may have definitions beside its programs.
func TestToolWithProgramsAndDefinitions(t *testing.T) {
	root := newCheckout(t)
	serveModule(t, "a.test/x", map[string]string{"go.mod": "module a.test/x\n", "x.go": "package x\n", "crd/a.yaml": "a"})
	write(t, filepath.Join(root, "tools", "hello", "go.mod"), rootModule+"/tools/hello\n\ngo 1.26\n\nrequire a.test/x v1.0.0\n")
	both := hello
	both.copies = []source{{crdsFolder, "a.test/x", []string{"crd/*.yaml"}}}
	tools, err := Ensure(t.Context(), Options{Root: root, catalog: []tool{both}})
	require.NoError(t, err)
	assert.FileExists(t, tools.Path("hello"))
	assert.FileExists(t, filepath.Join(tools.folders["hello"], crdsFolder, "a.yaml"))
}

// serveModule makes a folder the module proxy, which has one module.
func serveModule(t *testing.T, path string, files map[string]string) {
	t.Helper()
	proxy := t.TempDir()
	at := filepath.Join(proxy, filepath.FromSlash(path), "@v", "v1.0.0")
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	for name, content := range files {
		file, err := archive.Create(path + "@v1.0.0/" + name)
		require.NoError(t, err)
		_, err = file.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	write(t, at+".zip", text.String())
	write(t, at+".mod", files["go.mod"])
	write(t, at+".info", `{"Version":"v1.0.0"}`)
	t.Setenv("GOPROXY", "file://"+proxy)
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-modcacherw") // else the test's folder cannot be removed
}

func TestLoadBalancerCRDs(t *testing.T) {
	assert.Empty(t, (&Toolchain{}).LoadBalancerCRDs(), "not asked for")
	assert.Equal(t, filepath.Join("m", "crds"), (&Toolchain{folders: map[Name]string{MetalLB: "m"}}).LoadBalancerCRDs())
}
