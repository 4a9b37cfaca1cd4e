package image

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	ggcr "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Of the nodes of k3s, auth-service runs on rp2, rp3 and rp4, which are arm64,
// and the gateway on s0, which is amd64, and rp2.
const (
	onARM  = "auth-service"
	onBoth = "gateway"
)

// TestRegistryIsAsked sets images that a registry has, or has not.
func TestRegistryIsAsked(t *testing.T) {
	const other = "@sha256:abababababababababababababababababababababababababababababababab"
	for name, tc := range map[string]struct {
		service string
		push    func(registry)
		tag     func(registry) string // default tagNewer
		want    string                // of the refusal; empty: it is set
		unbuilt []string
	}{
		"both":         {service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64")) }},
		"variant":      {service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64/v8")) }},
		"attestations": {service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "unknown/unknown", "linux/arm64")) }},
		"platform in the configuration alone": {service: onBoth, push: func(r registry) {
			r.push(tagNewer, indexFor(t, "linux/amd64", "?linux/arm64"))
		}},
		"index in an index": {service: onBoth, push: func(r registry) {
			r.push(tagNewer, mutate.AppendManifests(indexFor(t, "linux/amd64"), mutate.IndexAddendum{Add: indexFor(t, "linux/arm64")}))
		}},
		"as far as its nodes need": {
			service: onARM, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/arm64")) }, unbuilt: []string{"linux/amd64"},
		},
		"no index": {
			service: onARM, push: func(r registry) { r.push(tagNewer, imageFor(t, "linux/arm64")) }, unbuilt: []string{"linux/amd64"},
		},
		"other architecture": {
			service: onARM, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64")) },
			want: "HOST/eddisonso/ecloud-auth:" + tagNewer + " for linux/amd64 alone, and its pods may run on rp2 (arm64), rp3 (arm64), rp4 (arm64); build it for linux/arm64 too",
		},
		"other architecture without an index": {
			service: onARM, push: func(r registry) { r.push(tagNewer, imageFor(t, "linux/amd64")) },
			want: "for linux/amd64 alone, and its pods may run on rp2 (arm64), rp3 (arm64), rp4 (arm64); build it for linux/arm64 too",
		},
		"one of two": {
			service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/arm64", "linux/s390x")) },
			want: "for linux/arm64 and linux/s390x, and its pods may run on s0 (amd64); build it for linux/amd64 too",
		},
		"one of two beside attestations": {
			service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "unknown/unknown", "unknown/unknown")) },
			want: "for linux/amd64 alone, and its pods may run on rp2 (arm64)",
		},
		"32 bits":      {service: onARM, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/arm/v7")) }, want: "for linux/arm/v7 alone"},
		"other system": {service: onARM, push: func(r registry) { r.push(tagNewer, imageFor(t, "windows/arm64")) }, want: "for windows/arm64 alone"},
		"steering a terminal": {
			service: onARM, push: func(r registry) {
				r.push(tagNewer, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
					Add: imageFor(t, "linux/arm64"), Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "a\x1b[2J\nb", Architecture: "c"}},
				}))
			}, want: "for a [2J b/c alone",
		},
		"image gone from its index": {
			service: onBoth, push: func(r registry) {
				r.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64"))
				r.drop(imageFor(t, "linux/arm64"))
			}, want: "for linux/amd64 alone, and its pods may run on rp2 (arm64)",
		},
		"no tag": {
			service: onARM, push: func(r registry) {
				for _, tag := range []string{"latest", "20260201-000000", "20260301-101400", "20260301-101501", "20260301-101502"} {
					r.push(tag, imageFor(t, "linux/arm64"))
				}
			},
			want: "the registry has no HOST/eddisonso/ecloud-auth:" + tagNewer + " (most like it: 20260301-101502, 20260301-101501, 20260301-101400); correct the tag, or push it first",
		},
		"no repository": {service: onARM, want: "the registry has no HOST/eddisonso/ecloud-auth:" + tagNewer + "; correct the tag, or push it first"},
		"first form": {
			service: onARM, push: func(r registry) {
				r.push(tagNewer, manifest{types.DockerManifestSchema1Signed, `{"schemaVersion":1,"architecture":"arm64"}`})
			},
			want: "the first form that Docker had (application/vnd.docker.distribution.manifest.v1+prettyjws)",
		},
		"digest": {
			service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64")) },
			tag: func(registry) string { return tagNewer + "@" + digestOf(t, indexFor(t, "linux/amd64", "linux/arm64")) },
		},
		"digest of another": {
			service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64")) },
			tag:  func(registry) string { return tagNewer + other },
			want: "ecloud-gateway:" + tagNewer + " as " + digestOf(t, indexFor(t, "linux/amd64", "linux/arm64")) + ", and not as " + other[1:] + "; set " + tagNewer + "@sha256:",
		},
		"digest of no tag": {
			service: onBoth, push: func(r registry) { r.push(tagOlder, indexFor(t, "linux/amd64", "linux/arm64")) },
			tag:  func(registry) string { return tagNewer + "@" + digestOf(t, indexFor(t, "linux/amd64", "linux/arm64")) },
			want: "the registry has no HOST/eddisonso/ecloud-gateway:" + tagNewer,
		},
		"digest of another architecture": {
			service: onBoth, push: func(r registry) { r.push(tagNewer, indexFor(t, "linux/amd64")) },
			tag:  func(registry) string { return tagNewer + "@" + digestOf(t, indexFor(t, "linux/amd64")) },
			want: "for linux/amd64 alone",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegistry(t)
			if tc.push != nil {
				r.push("other", imageFor(t, "linux/amd64"))
				tc.push(r)
			}
			edit := Edit{Stack: "k3s", Service: tc.service, Tag: tagNewer}
			if tc.tag != nil {
				edit.Tag = tc.tag(r)
			}
			path := checkout(t, r.host)
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			result, err := edit.File(t.Context(), path)
			after, problem := os.ReadFile(path)
			require.NoError(t, problem)
			if tc.want != "" {
				require.ErrorContains(t, err, strings.ReplaceAll(tc.want, "HOST", r.host))
				require.ErrorContains(t, err, "service "+tc.service+" (stack k3s): the file is left as it is: ")
				assert.Equal(t, string(before), string(after))
				return
			}
			require.NoError(t, err)
			assert.Empty(t, result.Unchecked)
			assert.Equal(t, tc.unbuilt, append([]string(nil), result.Unbuilt...))
			assert.Contains(t, string(after), ":"+edit.Tag+"\n")
		})
	}
}

// TestRegistryThatCannotBeAsked sets the image, and says why it is not known.
func TestRegistryThatCannotBeAsked(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir()) // nobody is logged in
	answers := func(status int, header ...string) func(*testing.T) string {
		return served(func(w http.ResponseWriter, _ *http.Request) {
			if len(header) > 0 {
				w.Header().Set(header[0], header[1])
			}
			w.WriteHeader(status)
			fmt.Fprint(w, "<html>\x1b[2J\nsorry</html>")
		})
	}
	for name, tc := range map[string]struct {
		host func(*testing.T) string
		want string
	}{
		"nobody there":   {func(t *testing.T) string { l := listener(t); require.NoError(t, l.Close()); return l.Addr().String() }, "connection refused"},
		"silence":        {func(t *testing.T) string { return listener(t).Addr().String() }, "no answer within 7s"},
		"wants a log-in": {answers(401, "WWW-Authenticate", `Basic realm="x"`), "wants other credentials, or has no such repository (401 Unauthorized); log in with docker login"},
		"wants a token": {func(t *testing.T) string {
			token := answers(403)(t)
			return answers(401, "WWW-Authenticate", `Bearer realm="http://`+token+`/token",service="x"`)(t)
		}, "wants other credentials, or has no such repository (403 Forbidden); log in"},
		"forbidden":    {afterPing(403), "(403 Forbidden); log in with docker login"},
		"too many":     {afterPing(429), "answers 429 Too Many Requests"},
		"broken":       {afterPing(503), "answers 503 Service Unavailable"},
		"no registry":  {answers(404), "answers, and is no registry (404 Not Found)"},
		"another page": {afterPing(200), "not readable as an image: EOF"},
		"no trust": {func(t *testing.T) string {
			server := httptest.NewUnstartedServer(ggcr.New(ggcr.Logger(discard)))
			server.Config.ErrorLog = discard
			server.StartTLS()
			t.Cleanup(server.Close)
			return hostOf(server)
		}, "certificate signed by unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if name == "silence" { // for the time that a silent one has
				bounded, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
				ctx = bounded
			}
			path := checkout(t, tc.host(t))
			result, err := Edit{Stack: "k3s", Service: onARM, Tag: tagNewer}.File(ctx, path)
			require.NoError(t, err)
			assert.Contains(t, result.Unchecked, tc.want)
			assert.NotContains(t, result.Unchecked, "\n")
			assert.NotContains(t, result.Unchecked, "\x1b")
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Contains(t, string(after), "ecloud-auth:"+tagNewer, "the image is set")
		})
	}
}

// TestStoppedWhileItAsks leaves the file alone.
func TestStoppedWhileItAsks(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	host := served(func(http.ResponseWriter, *http.Request) { cancel(); <-ctx.Done() })(t)
	path := checkout(t, host)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = Edit{Stack: "k3s", Service: onARM, Tag: tagNewer}.File(ctx, path)
	require.ErrorIs(t, err, context.Canceled)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

// TestMissingThoughTagsAreNotListed refuses a tag that is not there, whatever
// becomes of the question for others.
func TestMissingThoughTagsAreNotListed(t *testing.T) {
	real := ggcr.New(ggcr.Logger(discard))
	for name, list := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) },
		"silent":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			host := served(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/tags/list") {
					list(w, r)
					return
				}
				real.ServeHTTP(w, r)
			})(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := Edit{Stack: "k3s", Service: onARM, Tag: tagNewer}.File(ctx, checkout(t, host))
			require.ErrorContains(t, err, "the registry has no "+host+"/eddisonso/ecloud-auth:"+tagNewer+"; correct the tag")
		})
	}
}

// TestLogInOfDocker asks with what docker login keeps.
func TestLogInOfDocker(t *testing.T) {
	open := newRegistry(t)
	open.push(tagNewer, indexFor(t, "linux/amd64", "linux/arm64"))
	host := served(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "pass" {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.URL.Scheme, r.URL.Host, r.RequestURI = "http", open.host, ""
		got, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer got.Body.Close()
		w.Header().Set("Content-Type", got.Header.Get("Content-Type"))
		w.WriteHeader(got.StatusCode)
		_, _ = fmt.Fprint(w, readAll(t, got))
	})(t)
	login := func(config string) {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(config), 0o600))
		t.Setenv("DOCKER_CONFIG", folder)
	}
	set := func(ctx context.Context, tag string) (Result, error) {
		return Edit{Stack: "k3s", Service: onBoth, Tag: tag}.File(ctx, checkout(t, host))
	}
	login(`{"auths":{"` + host + `":{"username":"me","password":"pass"}}}`)
	result, err := set(t.Context(), tagNewer)
	require.NoError(t, err)
	assert.Empty(t, result.Unchecked)
	_, err = set(t.Context(), "20260302-000000")
	require.ErrorContains(t, err, "the registry has no")

	login(`{"auths":{"` + host + `":{"username":"me","password":"wrong-pass"}}}`)
	result, err = set(t.Context(), tagNewer)
	require.NoError(t, err)
	assert.Contains(t, result.Unchecked, "log in with docker login")
	assert.NotContains(t, result.Unchecked, "wrong-pass")

	// A helper that waits for somebody is not waited for. It ends with the test.
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	held, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	defer held.Close()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "docker-credential-waits"), []byte("#!/bin/sh\nread -r line <"+pipe+"\n"), 0o700))
	defer func() { _, _ = held.WriteString("go\n") }()
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	login(`{"credsStore":"waits"}`)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	result, err = set(ctx, tagNewer)
	require.NoError(t, err)
	assert.Contains(t, result.Unchecked, "no answer within")
}
