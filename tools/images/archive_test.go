package images

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unpacked are the files of a tar.
func unpacked(t *testing.T, path string) map[string][]byte {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	files := map[string][]byte{}
	for in := tar.NewReader(file); ; {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		files[header.Name], err = io.ReadAll(in)
		require.NoError(t, err)
	}
}

// Every blob has the hash that it is named by, and images share their layers.
func TestArchiveIsAnImageLayout(t *testing.T) {
	folder := t.TempDir()
	layers := map[string]blob{}
	for name, content := range map[string]string{basePart: "base", standInPart: "program"} {
		made, err := tree{"bin/" + name: {Mode: 0o755, data: []byte(content)}}.write(folder)
		require.NoError(t, err)
		layers[name] = made
	}
	recipes := map[string]recipe{
		"docker.io/a/one:1": {Parts: []string{standInPart}, Config: runConfig{User: "1001"}},
		"docker.io/a/two:2": {Parts: []string{standInPart}, Config: runConfig{User: "101"}},
	}
	archive := filepath.Join(folder, "archive.tar")
	require.NoError(t, writeArchive(archive, recipes, layers))
	files := unpacked(t, archive)
	for name, content := range files {
		if digest, ok := strings.CutPrefix(name, "blobs/sha256/"); ok {
			sum := sha256.Sum256(content)
			assert.Equal(t, digest, hex.EncodeToString(sum[:]))
		}
	}
	assert.Len(t, files, 2+2+2+2, "layout and index, two layers, two configurations, two manifests")
	var index struct{ Manifests []descriptor }
	require.NoError(t, json.Unmarshal(files["index.json"], &index))
	require.Len(t, index.Manifests, 2)
	assert.Equal(t, "docker.io/a/one:1", index.Manifests[0].Annotations["io.containerd.image.name"])
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	at := func(d descriptor) []byte { return files["blobs/sha256/"+strings.TrimPrefix(d.Digest, "sha256:")] }
	require.NoError(t, json.Unmarshal(at(index.Manifests[0]), &manifest))
	assert.Equal(t, []descriptor{layers[basePart].descriptor(layerType), layers[standInPart].descriptor(layerType)}, manifest.Layers)
	assert.Contains(t, string(at(manifest.Config)), `"User":"1001"`)
}

func TestLayerIsTheSameForTheSameFiles(t *testing.T) {
	folder := t.TempDir()
	source := filepath.Join(folder, "program")
	require.NoError(t, os.WriteFile(source, []byte("content"), 0o700))
	files := tree{"a": {Mode: 0o755, source: source}, "tmp": {Mode: os.ModeDir | os.ModeSticky | 0o777}, "b": {Mode: os.ModeSymlink | 0o777, link: "a"}}
	first, err := files.write(folder)
	require.NoError(t, err)
	second, err := files.write(folder)
	require.NoError(t, err)
	assert.Equal(t, first.digest, second.digest)
	files["a"] = entry{Mode: 0o700, source: source}
	third, err := files.write(folder)
	require.NoError(t, err)
	assert.NotEqual(t, first.digest, third.digest)
}

func TestMissingToolsAreNamedInOneError(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := checkTools()
	assert.ErrorContains(t, err, "stand-ins need apt-get and dpkg-deb, which this machine lacks")
}

func TestPrune(t *testing.T) {
	m := &maker{Options: Options{Cache: t.TempDir()}}
	folder := filepath.Join(m.Cache, "archives")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	for i := range keptArchives + 2 {
		path := filepath.Join(folder, string(rune('a'+i))+".tar")
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		at := built.AddDate(0, 0, i)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	m.prune()
	left, err := filepath.Glob(filepath.Join(folder, "*.tar"))
	require.NoError(t, err)
	assert.Len(t, left, keptArchives)
	assert.NoFileExists(t, filepath.Join(folder, "a.tar"))
}
