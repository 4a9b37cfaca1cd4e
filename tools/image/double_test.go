package image

import (
	"io"
	"log"
	"net"
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
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/stretchr/testify/require"
)

// checkout is a file of k3s whose images come from a registry.
func checkout(t *testing.T, host string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "Pulumi.k3s.yaml")
	text := strings.ReplaceAll(stackFile(t, "k3s"), " eddisonso/", " "+host+"/eddisonso/")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func hostOf(server *httptest.Server) string { return server.Listener.Addr().String() }

// imageFor is an image of a platform, such as linux/arm64/v8.
func imageFor(t *testing.T, platform string) v1.Image {
	t.Helper()
	p, err := v1.ParsePlatform(platform)
	require.NoError(t, err)
	image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: p.OS, Architecture: p.Architecture, Variant: p.Variant, RootFS: v1.RootFS{Type: "layers"}})
	require.NoError(t, err)
	return image
}

// indexFor is an index of images. Of a platform that starts with "?" it says
// nothing, as the specification allows.
func indexFor(t *testing.T, platforms ...string) v1.ImageIndex {
	t.Helper()
	index := v1.ImageIndex(empty.Index)
	for _, platform := range platforms {
		bare, untold := strings.CutPrefix(platform, "?")
		add := mutate.IndexAddendum{Add: imageFor(t, bare)}
		if !untold {
			var err error
			add.Platform, err = v1.ParsePlatform(bare)
			require.NoError(t, err)
		}
		index = mutate.AppendManifests(index, add)
	}
	return index
}

// registry is a registry with tags of the repositories of both services.
type registry struct {
	t    *testing.T
	host string
}

func newRegistry(t *testing.T) registry {
	t.Helper()
	server := httptest.NewServer(ggcr.New(ggcr.Logger(discard)))
	t.Cleanup(server.Close)
	return registry{t, hostOf(server)}
}

func (r registry) push(tag string, what remote.Taggable) {
	r.t.Helper()
	for _, repository := range []string{"ecloud-auth", "ecloud-gateway"} {
		ref, err := name.NewTag(r.host + "/eddisonso/" + repository + ":" + tag)
		require.NoError(r.t, err)
		switch what := what.(type) {
		case v1.Image:
			require.NoError(r.t, remote.Write(ref, what))
		case v1.ImageIndex:
			require.NoError(r.t, remote.WriteIndex(ref, what))
		default:
			require.NoError(r.t, remote.Put(ref, what))
		}
	}
}

// drop deletes an image whose index stays.
func (r registry) drop(image v1.Image) {
	r.t.Helper()
	digest, err := image.Digest()
	require.NoError(r.t, err)
	ref, err := name.NewDigest(r.host + "/eddisonso/ecloud-gateway@" + digest.String())
	require.NoError(r.t, err)
	require.NoError(r.t, remote.Delete(ref))
}

// manifest is one as a registry has it, whatever is in it.
type manifest struct {
	mediaType types.MediaType
	content   string
}

func (m manifest) RawManifest() ([]byte, error) { return []byte(m.content), nil }

func (m manifest) MediaType() (types.MediaType, error) { return m.mediaType, nil }

func digestOf(t *testing.T, index v1.ImageIndex) string {
	t.Helper()
	digest, err := index.Digest()
	require.NoError(t, err)
	return digest.String()
}

// served is a server of this machine, by its host.
func served(handler http.HandlerFunc) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return hostOf(server)
	}
}

// afterPing is a registry that answers every question with a status.
func afterPing(status int) func(*testing.T) string {
	return served(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v2/" {
			w.WriteHeader(status)
		}
	})
}

// listener takes connections and says nothing.
func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

var discard = log.New(io.Discard, "", 0)

func readAll(t *testing.T, got *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	return string(content)
}
