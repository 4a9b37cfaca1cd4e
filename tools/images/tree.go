package images

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// tree is the files of one layer, by their paths in the image, without a
// leading slash.
type tree map[string]entry

// entry is one file, folder or symbolic link.
type entry struct {
	Mode   fs.FileMode
	User   int    // UID, and GID
	link   string // target of a symbolic link
	source string // path on this machine
	data   []byte // content where there is no source
}

// fileEntry is a file of a package.
func fileEntry(at string, found fs.DirEntry) (entry, error) {
	info, err := found.Info()
	if err != nil {
		return entry{}, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(at)
		return entry{Mode: info.Mode(), link: target}, err
	}
	return entry{Mode: info.Mode().Perm(), source: at}, nil
}

// addApplets adds a link for each command of busybox that has no program.
func addApplets(t tree) error {
	output, err := exec.Command(t["usr/bin/busybox"].source, "--list").Output()
	if err != nil {
		return fmt.Errorf("images: busybox: %w", err)
	}
	for _, applet := range strings.Fields(string(output)) {
		at := path.Join("usr/bin", applet)
		if _, taken := t[at]; !taken {
			t[at] = entry{Mode: fs.ModeSymlink | 0o777, link: "busybox"}
		}
	}
	return nil
}

// blob is a file of an archive that is known by the hash of its content.
type blob struct {
	path   string // of the content on this machine, or
	data   []byte // the content
	digest string // sha256:…
	size   int64
}

// built is the time of every file in every image, so that the same files are
// the same layer.
var built = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// write makes the layer as a file in a folder.
func (t tree) write(into string) (made blob, err error) {
	file, err := os.CreateTemp(into, "layer-")
	if err != nil {
		return blob{}, fmt.Errorf("images: layer: %w", err)
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	sum, buffered := sha256.New(), bufio.NewWriterSize(file, 1<<20)
	out := tar.NewWriter(io.MultiWriter(buffered, sum))
	for _, at := range t.paths() {
		if err := t[at].write(out, at); err != nil {
			return blob{}, fmt.Errorf("images: layer: %s: %w", at, err)
		}
	}
	if err := out.Close(); err != nil {
		return blob{}, fmt.Errorf("images: layer: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return blob{}, fmt.Errorf("images: layer: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return blob{}, fmt.Errorf("images: layer: %w", err)
	}
	return blob{path: file.Name(), digest: "sha256:" + hex.EncodeToString(sum.Sum(nil)), size: info.Size()}, nil
}

// paths are sorted, and so each folder is before what is in it. Folders that
// nobody names are there by what is in them.
func (t tree) paths() []string { return slices.Sorted(maps.Keys(t)) }

func (e entry) write(out *tar.Writer, at string) error {
	header := &tar.Header{Name: at, Mode: int64(e.Mode.Perm()), Uid: e.User, Gid: e.User, ModTime: built, Format: tar.FormatPAX}
	if e.Mode&fs.ModeSticky != 0 {
		header.Mode |= 0o1000
	}
	switch {
	case e.Mode.IsDir():
		header.Typeflag, header.Name = tar.TypeDir, at+"/"
		return out.WriteHeader(header)
	case e.Mode&fs.ModeSymlink != 0:
		header.Typeflag, header.Linkname = tar.TypeSymlink, e.link
		return out.WriteHeader(header)
	case e.source == "":
		header.Typeflag, header.Size = tar.TypeReg, int64(len(e.data))
		if err := out.WriteHeader(header); err != nil {
			return err
		}
		_, err := out.Write(e.data)
		return err
	}
	return e.copy(out, header)
}

func (e entry) copy(out *tar.Writer, header *tar.Header) error {
	file, err := os.Open(e.source)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header.Typeflag, header.Size = tar.TypeReg, info.Size()
	if err := out.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(out, file)
	return err
}

// sumFile is the hash of a file's content.
func sumFile(at string) (string, error) {
	file, err := os.Open(filepath.Clean(at))
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
