package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// keyLength is how many hexadecimal digits tell two builds of one version
// apart.
const keyLength = 12

// key names what a tool is made of, so that a change of any part makes it
// again and an unchanged one is found without asking the go command.
func (t tool) key(tools string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, t.name, t.version, runtime.GOOS, runtime.GOARCH, runtime.Version(), os.Getenv("CGO_ENABLED"))
	for _, b := range t.builds {
		fmt.Fprintf(sum, "%q %q %q %q\n", b.packages, b.output, b.ldflags, b.wrapper)
		if b.static {
			fmt.Fprintln(sum, "static")
		}
		if err := hashFolder(sum, filepath.Join(tools, b.folder)); err != nil {
			return "", fmt.Errorf("toolchain: key of %s: %w", t.name, err)
		}
	}
	if len(t.copies) > 0 {
		fmt.Fprintf(sum, "%q\n", t.copies)
		if err := hashFolder(sum, filepath.Join(tools, string(t.name))); err != nil {
			return "", fmt.Errorf("toolchain: key of %s: %w", t.name, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:keyLength], nil
}

// hashFolder adds every file below a folder, by name and content.
func hashFolder(sum hash.Hash, folder string) error {
	var paths []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(paths)
	for _, path := range paths {
		if err := hashFile(sum, folder, path); err != nil {
			return err
		}
	}
	return nil
}

func hashFile(sum hash.Hash, folder, path string) error {
	name, err := filepath.Rel(folder, path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(name), len(text))
	_, err = sum.Write(text)
	return err
}
