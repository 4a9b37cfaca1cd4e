package registry

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	ggcr "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// image makes one of two layers that are unlike all others.
func image(t *testing.T) v1.Image {
	t.Helper()
	one, err := random.Image(1024, 2)
	require.NoError(t, err)
	return one
}

// archiveOf writes images as an OCI layout in a tar, as containerd exports it.
func archiveOf(t *testing.T, into string, images map[string]v1.Image) {
	t.Helper()
	folder := t.TempDir()
	at, err := layout.Write(folder, empty.Index)
	require.NoError(t, err)
	for ref, one := range images {
		require.NoError(t, at.AppendImage(one, layout.WithAnnotations(map[string]string{imageName: ref})))
	}
	file, err := os.Create(into)
	require.NoError(t, err)
	defer file.Close()
	out := tar.NewWriter(file)
	require.NoError(t, out.AddFS(os.DirFS(folder)))
	require.NoError(t, out.Close())
}

// served runs the registry over the archives in a folder.
func served(t *testing.T, folder string, local bool) string {
	t.Helper()
	server := httptest.NewServer(New(Options{
		Archives: func() ([]string, error) { return filepath.Glob(filepath.Join(folder, "*.tar")) }, Local: local,
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// pull reads an image whole, as a container runtime does.
func pull(t *testing.T, ref string) (v1.Image, error) {
	t.Helper()
	at, err := name.ParseReference(ref)
	require.NoError(t, err)
	got, err := remote.Image(at)
	if err != nil {
		return nil, err
	}
	layers, err := got.Layers()
	require.NoError(t, err)
	for _, layer := range layers {
		content, err := layer.Uncompressed()
		require.NoError(t, err)
		require.NoError(t, content.Close())
	}
	_, err = got.ConfigFile()
	return got, err
}

func TestImagesOfArchives(t *testing.T) {
	folder := t.TempDir()
	host := served(t, folder, true)
	one, later := image(t), image(t)
	archiveOf(t, filepath.Join(folder, "a.tar"), map[string]v1.Image{host + "/shop/web:1": one})
	same(t, one, host+"/shop/web:1")
	digest, err := one.Digest()
	require.NoError(t, err)
	same(t, one, host+"/shop/web@"+digest.String())
	_, err = pull(t, host+"/shop/web:2")
	require.ErrorContains(t, err, "no image of this name was made here")
	archiveOf(t, filepath.Join(folder, "b.tar"), map[string]v1.Image{host + "/shop/web:2": later})
	same(t, later, host+"/shop/web:2")
}

func same(t *testing.T, want v1.Image, ref string) {
	t.Helper()
	got, err := pull(t, ref)
	require.NoError(t, err)
	wanted, err := want.Digest()
	require.NoError(t, err)
	found, err := got.Digest()
	require.NoError(t, err)
	assert.Equal(t, wanted, found)
}

// What containerd asks a mirror: the registry that is meant is in the query.
func TestOthersComeFromTheirRegistry(t *testing.T) {
	upstream := httptest.NewServer(ggcr.New(ggcr.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(upstream.Close)
	from := strings.TrimPrefix(upstream.URL, "http://")
	one := image(t)
	at, err := name.ParseReference(from + "/shop/web:1")
	require.NoError(t, err)
	require.NoError(t, remote.Write(at, one))
	host := served(t, t.TempDir(), false)
	ask := func(rest string) (int, string, []byte) {
		response, err := http.Get(fmt.Sprintf("http://%s/v2/shop/web/%s?ns=%s", host, rest, from))
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, response.Header.Get("Docker-Content-Digest"), text
	}
	found := func(rest string) int {
		status, _, _ := ask(rest)
		return status
	}
	digest, err := one.Digest()
	require.NoError(t, err)
	status, told, text := ask("manifests/1")
	require.Equal(t, http.StatusOK, status)
	assert.Equal(t, digest.String(), told)
	var manifest v1.Manifest
	require.NoError(t, json.Unmarshal(text, &manifest))
	for _, blob := range append(manifest.Layers, manifest.Config) {
		assert.Equal(t, http.StatusOK, found("blobs/"+blob.Digest.String()))
	}
	assert.Equal(t, http.StatusNotFound, found("manifests/2"))
	upstream.Close()
	assert.Equal(t, http.StatusBadGateway, found("manifests/3"))
}
