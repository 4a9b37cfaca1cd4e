// Package registry answers the container runtimes of an embedded cluster in the
// place of every registry: with the images of archives on this machine and,
// for others, with what their own registry says. So nodes need no way out, and
// images come with this user's own rights, those of `docker login`.
//
// It reads the distribution specification of OCI, as containerd asks by it:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
package registry

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Options say where images come from.
type Options struct {
	Archives func() ([]string, error) // paths of OCI image layouts in tars; asked again for each image
	Local    bool                     // only archives are asked, and no registry
}

// New makes the registry.
func New(opts Options) http.Handler {
	s := &server{Options: opts, archives: map[string]*archive{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /v2/{$}", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("GET /v2/", s.serve)
	return routes
}

// serve answers for one manifest or blob of a repository, whose name has
// slashes. The registry that is meant stands in the query.
func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, "/v2/")
	for _, kind := range []struct {
		part  string
		serve func(http.ResponseWriter, *http.Request, string, string) error
	}{{"/manifests/", s.manifest}, {"/blobs/", s.blob}} {
		at := strings.LastIndex(rest, kind.part)
		if at < 0 {
			continue
		}
		repository := cmp.Or(r.URL.Query().Get("ns"), r.Host) + "/" + rest[:at]
		if err := kind.serve(w, r, repository, rest[at+len(kind.part):]); err != nil {
			refuse(w, err)
		}
		return
	}
	http.NotFound(w, r)
}

// manifest serves the manifest of a tag or digest.
func (s *server) manifest(w http.ResponseWriter, r *http.Request, repository, ref string) error {
	full := repository + ":" + ref
	if strings.Contains(ref, ":") {
		full = repository + "@" + ref
	}
	normal, err := reference.ParseNormalizedNamed(full)
	if err != nil {
		return fmt.Errorf("%w: %q: %w", errMissing, full, err)
	}
	found, err := s.find(normal.String())
	if err != nil {
		return err
	}
	if found != nil {
		return found.send(w, r)
	}
	if s.Local {
		return fmt.Errorf("%w: no image of this name was made here, and no registry is asked: %s", errMissing, normal)
	}
	at, err := name.ParseReference(full)
	if err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	got, err := remote.Get(at, remote.WithContext(r.Context()), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return err
	}
	head(w, string(got.MediaType), got.Digest.String(), got.Size)
	_, err = w.Write(got.Manifest) //nolint:gosec // no browser reads it
	return err
}

// blob serves a layer or a configuration.
func (s *server) blob(w http.ResponseWriter, r *http.Request, repository, digest string) error {
	found, err := s.find(digest)
	if err != nil {
		return err
	}
	if found != nil {
		return found.send(w, r)
	}
	if s.Local {
		return fmt.Errorf("%w: blob %s of %s", errMissing, digest, repository)
	}
	at, err := name.NewDigest(repository + "@" + digest)
	if err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	layer, err := remote.Layer(at, remote.WithContext(r.Context()), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return err
	}
	content, err := layer.Compressed()
	if err != nil {
		return err
	}
	defer content.Close()
	size, err := layer.Size()
	if err != nil {
		return err
	}
	head(w, "application/octet-stream", digest, size)
	_, err = io.Copy(w, content)
	return err
}

// head writes what stands before an answer.
func head(w http.ResponseWriter, mediaType, digest string, size int64) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Docker-Content-Digest", digest)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
}

// errMissing is that there is no such image.
var errMissing = errors.New("not found")

// refuse answers with an error. What a registry says is passed on with its
// status; one that does not answer is reported as such.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadGateway
	var answered *transport.Error
	switch {
	case errors.Is(err, errMissing):
		status = http.StatusNotFound
	case errors.As(err, &answered) && answered.StatusCode != 0:
		status = answered.StatusCode
	}
	http.Error(w, err.Error(), status)
}
