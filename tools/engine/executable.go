package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// executable is something of this checkout that the engine starts.
type executable struct {
	what   string   // as messages name it
	path   string   // of the linked file
	source string   // its main package, as go build takes it
	parts  []string // files and folders that it is made of, below the checkout
}

// build links an executable if a source of it changed since it was last linked
// here. The engine's own check of that, a run of go build, takes a quarter of a
// second at every preview.
func (s *Session) build(ctx context.Context, e executable) error {
	sum, err := e.sum(s.root)
	if err != nil {
		return fmt.Errorf("sources of %s: %w", e.what, err)
	}
	record := e.path + ".sources"
	built, err := os.ReadFile(record)
	if _, missing := os.Stat(e.path); err == nil && missing == nil && string(built) == sum {
		return nil
	}
	fmt.Fprintf(s.out, "building %s …\n", e.what)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", e.path, e.source)
	cmd.Dir, cmd.Env = s.root, s.env
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not compile (%w), and without it nothing is planned; run go build %s in %s:\n%s",
			e.what, err, e.source, s.root, bytes.TrimSpace(text))
	}
	return os.WriteFile(record, []byte(sum), 0o644)
}

// sum hashes the names and the content of all sources; tests are no part of
// them.
func (e executable) sum(root string) (string, error) {
	sum := sha256.New()
	for _, part := range e.parts {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			fmt.Fprintf(sum, "%s %d\n", path, len(text))
			_, failed := sum.Write(text)
			return errors.Join(err, failed)
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
