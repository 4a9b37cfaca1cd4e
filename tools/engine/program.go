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

// programSources is what the program is made of, below the checkout.
var programSources = []string{"go.mod", "go.sum", "main.go", "stacks", "components", "config"}

// program is the path of the linked program.
func (s *Session) program() string { return filepath.Join(s.root, "bin", "platform") }

// buildProgram links the program if a source of it changed since it was last
// linked here. The engine's own check of that, a run of go build, takes a
// quarter of a second at every preview.
func (s *Session) buildProgram(ctx context.Context) error {
	sum, err := s.sourceSum()
	if err != nil {
		return fmt.Errorf("sources of the program: %w", err)
	}
	record := s.program() + ".sources"
	built, err := os.ReadFile(record)
	if _, missing := os.Stat(s.program()); err == nil && missing == nil && string(built) == sum {
		return nil
	}
	fmt.Fprintln(s.out, "building the program …")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", s.program(), ".")
	cmd.Dir, cmd.Env = s.root, s.env
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the program does not compile (%w); run go build . in %s:\n%s", err, s.root, bytes.TrimSpace(text))
	}
	return os.WriteFile(record, []byte(sum), 0o644)
}

// sourceSum hashes the names and the content of every source file.
func (s *Session) sourceSum() (string, error) {
	sum := sha256.New()
	for _, source := range programSources {
		err := filepath.WalkDir(filepath.Join(s.root, source), func(path string, entry fs.DirEntry, err error) error {
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
