package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// programFolder is where the program that plays applications has its sources.
const programFolder = "tests/standin"

// programKey names the program by its sources, so that an unchanged one is
// found without asking the go command.
func (m *maker) programKey() (string, error) {
	files, err := filepath.Glob(filepath.Join(m.Root, programFolder, "*"))
	if err != nil || len(files) == 0 {
		return "", fmt.Errorf("images: %q has no sources; run it inside the checkout", filepath.Join(m.Root, programFolder))
	}
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOARCH)
	for _, file := range append(files, filepath.Join(m.Root, "go.mod"), filepath.Join(m.Root, "go.sum")) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := sumFile(file)
		if err != nil {
			return "", fmt.Errorf("images: sources: %w", err)
		}
		fmt.Fprintln(sum, filepath.Base(file), content)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// program is where the built program is.
func (m *maker) program() (string, error) {
	key, err := m.programKey()
	return filepath.Join(m.Cache, "programs", "standin-"+key), err
}

// buildProgram builds the program without C, since it runs in images without
// a C library. Older builds are removed.
func (m *maker) buildProgram(ctx context.Context) error {
	into, err := m.program()
	if err != nil {
		return err
	}
	if _, err := os.Stat(into); err == nil {
		return nil
	}
	m.say("building %s", programFolder)
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", into+halfMade, "./"+programFolder)
	command.Dir, command.Env = m.Root, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("images: %s: %w: %s", programFolder, err, strings.TrimSpace(string(output)))
	}
	old, _ := filepath.Glob(filepath.Join(m.Cache, "programs", "standin-*"))
	for _, path := range old {
		if path != into+halfMade {
			_ = os.Remove(path)
		}
	}
	if err := os.Rename(into+halfMade, into); err != nil {
		return fmt.Errorf("images: %s: %w", programFolder, err)
	}
	return nil
}
