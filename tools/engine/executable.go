package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"platform/tools/toolchain"
)

// executable is something of this checkout that the engine starts.
type executable struct {
	what   string   // as messages name it
	path   string   // of the linked file
	source string   // its main package, as go build takes it
	parts  []string // files and folders that it is made of, below the checkout
}

// keptExecutables is how many versions of each executable stay in the cache: those
// of the branches that somebody works on, and of what reviews compare with.
const keptExecutables = 6

// Build puts what the engine starts of a checkout into the cache: the program and
// the policy pack. Every command does that when it needs them; a job that hands
// the cache to others does it before.
func Build(ctx context.Context, root string, out io.Writer) error {
	s := &Session{root: root, out: out, env: os.Environ()}
	var problems []error
	for _, one := range []executable{s.program(), s.policyPack()} {
		if err := os.Remove(one.record()); err != nil && !errors.Is(err, fs.ErrNotExist) { // else the cache is not asked
			return err
		}
		problems = append(problems, s.build(ctx, one))
	}
	return errors.Join(problems...)
}

// record is the file that tells of which sources the linked file is.
func (e executable) record() string { return e.path + ".sources" }

// build links an executable if a source of it changed since it was last linked
// here. The engine's own check of that, a run of go build, takes a quarter of a
// second at every preview. What any checkout has linked of the same sources is
// taken from the cache: linking takes two seconds, and compiling minutes.
func (s *Session) build(ctx context.Context, e executable) error {
	sum, err := e.sum(s.root)
	if err != nil {
		return fmt.Errorf("sources of %s: %w", e.what, err)
	}
	built, err := os.ReadFile(e.record())
	if _, missing := os.Stat(e.path); err == nil && missing == nil && string(built) == sum {
		return nil
	}
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return err
	}
	cached := filepath.Join(cache, "executables", filepath.Base(e.path)+"-"+sum)
	if err := install(cached, e.path); errors.Is(err, fs.ErrNotExist) {
		if err := s.link(ctx, e, cached); err != nil {
			return err
		}
	} else if err != nil {
		return fmt.Errorf("%s: %w", e.what, err)
	}
	return os.WriteFile(e.record(), []byte(sum), 0o644)
}

// link makes an executable, and puts it into the cache.
func (s *Session) link(ctx context.Context, e executable, cached string) error {
	fmt.Fprintf(s.out, "building %s …\n", e.what)
	// Without what a debugger needs (-w) the linker takes two thirds of the time; the traces of a panic stay.
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", e.path, e.source)
	cmd.Dir, cmd.Env = s.root, s.env
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not compile (%w), and without it nothing is planned; run go build %s in %s:\n%s",
			e.what, err, e.source, s.root, bytes.TrimSpace(text))
	}
	if err := install(e.path, cached); err != nil {
		return fmt.Errorf("keep %s in the cache: %w; make that folder writable, or set PLATFORM_CACHE to another", e.what, err)
	}
	return forgetExecutables(filepath.Join(filepath.Dir(cached), filepath.Base(e.path)+"-*"))
}

// install copies an executable, whole or not at all, and notes that the original
// was of use. Nobody else's copy changes with it, as a link of it would.
func install(from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	half, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+"-")
	if err != nil {
		return err
	}
	_, err = io.Copy(half, file)
	if err = errors.Join(err, half.Chmod(0o755), half.Close()); err == nil {
		err = os.Rename(half.Name(), to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(half.Name()))
	}
	now := time.Now()
	_ = os.Chtimes(from, now, now) // another user's cache, or one that another process cleans up, is of use all the same
	return nil
}

// forgetExecutables removes what was not of use for longest.
func forgetExecutables(pattern string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) <= keptExecutables {
		return err
	}
	used := map[string]time.Time{}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil { // else another process was faster
			used[path] = info.ModTime()
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return used[b].Compare(used[a]) })
	var problems []error
	for _, path := range paths[keptExecutables:] {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// sum hashes the names and the content of all sources, and for what they are
// compiled; tests are no part of them.
func (e executable) sum(root string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, part := range e.parts {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			name, outside := filepath.Rel(root, path)
			fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(name), len(text))
			_, failed := sum.Write(text)
			return errors.Join(err, outside, failed)
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
