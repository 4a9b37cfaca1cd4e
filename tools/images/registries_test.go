package images

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// registry is a server on loopback that answers with one status, and its host.
func registry(t *testing.T, handle http.HandlerFunc) (*httptest.Server, string) {
	t.Helper()
	server := httptest.NewTLSServer(handle)
	t.Cleanup(server.Close)
	return server, strings.TrimPrefix(server.URL, "https://")
}

func TestRegistriesAnswer(t *testing.T) {
	asked := make(chan string, 8)
	server, answering := registry(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.WriteHeader(http.StatusUnauthorized)
	})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())

	client := server.Client()
	client.Transport.(*http.Transport).DisableKeepAlives = true
	start := time.Now()
	answers := registriesAnswer(context.Background(), client, 300*time.Millisecond, []string{
		answering + "/a/image:1", answering + "/another:2", silent.Addr().String() + "/image:1", closed.Addr().String() + "/image:1", "Not A Name",
	})
	assert.Less(t, time.Since(start), 5*time.Second, "all are asked at once, and none for longer than the limit")
	assert.Equal(t, map[string]bool{answering: true, silent.Addr().String(): false, closed.Addr().String(): false}, answers)
	assert.Equal(t, "/v2/", <-asked)
	assert.Empty(t, asked, "a registry of two images is asked once")
}

// An answer that cannot be trusted is none: containerd would not pull either.
func TestRegistryWithoutItsCertificateDoesNotAnswer(t *testing.T) {
	_, host := registry(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	assert.Equal(t, map[string]bool{host: false}, registriesAnswer(context.Background(), client, time.Second, []string{host + "/image:1"}))
}

func TestChooseObeysTheVariable(t *testing.T) {
	wanted := []Image{{Ref: "127.0.0.1:1/image:1"}}
	t.Setenv(Source, "standin")
	standIns, pulled, err := Choose(context.Background(), wanted)
	require.NoError(t, err)
	assert.Equal(t, wanted, standIns)
	assert.Empty(t, pulled)
	t.Setenv(Source, "")
	standIns, _, err = Choose(context.Background(), wanted)
	require.NoError(t, err)
	assert.Equal(t, wanted, standIns, "nothing listens there")
	t.Setenv(Source, "never")
	_, _, err = Choose(context.Background(), wanted)
	assert.ErrorContains(t, err, `PLATFORM_IMAGES: "never" is not standin`)
}
