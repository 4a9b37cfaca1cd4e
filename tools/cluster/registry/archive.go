package registry

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/distribution/reference"
)

// imageName is the annotation by which containerd knows an image of an archive.
const imageName = "io.containerd.image.name"

// blobs is the folder of an image layout's content.
const blobs = "blobs/sha256/"

// server keeps what is known of the archives.
type server struct {
	Options
	mu       sync.Mutex
	archives map[string]*archive // by path
}

// archive is an OCI image layout in a tar, of which the places are known.
type archive struct {
	content map[string]content // by the name of an image, or by digest
}

// content is a part of an archive's file.
type content struct {
	path      string
	offset    int64
	size      int64
	digest    string
	mediaType string
}

// find looks for an image or a blob in all archives; nil where none has it.
func (s *server) find(what string) (*content, error) {
	paths, err := s.Archives()
	if err != nil {
		return nil, fmt.Errorf("archives of images: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range paths {
		if s.archives[one] == nil {
			opened, err := open(one)
			if err != nil {
				return nil, fmt.Errorf("archive %s: %w", one, err)
			}
			s.archives[one] = opened
		}
		if found, has := s.archives[one].content[what]; has {
			return &found, nil
		}
	}
	return nil, nil
}

// open reads where everything is in an archive.
func open(file string) (*archive, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	a := &archive{content: map[string]content{}}
	var index struct {
		Manifests []struct {
			MediaType, Digest string
			Annotations       map[string]string
		}
	}
	for reader := tar.NewReader(in); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch digest, is := strings.CutPrefix(path.Clean(header.Name), blobs); {
		case is:
			offset, err := in.Seek(0, io.SeekCurrent) // the reader takes no more than headers
			if err != nil {
				return nil, err
			}
			digest = "sha256:" + digest
			a.content[digest] = content{file, offset, header.Size, digest, "application/octet-stream"}
		case path.Clean(header.Name) == "index.json":
			if err := json.NewDecoder(reader).Decode(&index); err != nil {
				return nil, fmt.Errorf("index: %w", err)
			}
		}
	}
	for _, one := range index.Manifests {
		manifest, has := a.content[one.Digest]
		if !has {
			return nil, fmt.Errorf("index: no manifest %s", one.Digest)
		}
		manifest.mediaType = one.MediaType
		full, err := reference.ParseNormalizedNamed(one.Annotations[imageName])
		if err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		a.content[one.Digest] = manifest
		a.content[full.String()] = manifest
		a.content[full.Name()+"@"+one.Digest] = manifest // as containerd asks once it knows the tag's
	}
	return a, nil
}

// send answers with the content.
func (c content) send(w http.ResponseWriter, r *http.Request) error {
	file, err := os.Open(c.path)
	if err != nil {
		return err
	}
	defer file.Close()
	head(w, c.mediaType, c.digest, c.size)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = io.Copy(w, io.NewSectionReader(file, c.offset, c.size))
	return err
}
