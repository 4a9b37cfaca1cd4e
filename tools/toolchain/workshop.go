package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

const (
	binFolder     = "bin"     // of a tool: what the user runs
	libexecFolder = "libexec" // of a tool: programs behind a wrapper
	crdsFolder    = "crds"    // of a tool: definitions of the kinds that its programs serve
	overlayFolder = "overlay" // of a tool that is being made: generated sources
	halfMade      = ".tmp"    // ends the name of a folder that is being made
)

// workshop makes tools from one checkout into one cache.
type workshop struct {
	tools   string // folder of the go.mod files
	cache   string
	catalog []tool
	out     io.Writer
	report  *progress
}

// job is the making of one tool: where its sources are, where it goes and
// where the commands write.
type job struct {
	tools string
	into  string
	log   *os.File
}

func newWorkshop(opts Options) (*workshop, error) {
	root := opts.Root
	if root == "" {
		root = "."
	}
	root, err := Root(root)
	if err != nil {
		return nil, err
	}
	cache, err := CacheFolder()
	if err != nil {
		return nil, err
	}
	w := &workshop{
		tools: filepath.Join(root, "tools"), cache: cache,
		catalog: opts.catalog, out: opts.Out,
	}
	if w.catalog == nil {
		w.catalog = projectTools()
	}
	if w.out == nil {
		w.out = io.Discard
	}
	w.report = newProgress(w.out)
	return w, nil
}

// say tells the user one thing.
func (w *workshop) say(format string, args ...any) { fmt.Fprintf(w.out, format+"\n", args...) }

// store is the folder that holds one folder a tool, version and key.
func (w *workshop) store() string { return filepath.Join(w.cache, "toolchain") }

// locate computes where each tool belongs, there or not.
func (w *workshop) locate(wanted []tool, t *Toolchain) error {
	for _, one := range wanted {
		key, err := one.key(w.tools)
		if err != nil {
			return err
		}
		folder := filepath.Join(w.store(), fmt.Sprintf("%s-%s-%s", one.name, one.version, key))
		t.folders[one.name] = folder
		for _, program := range one.programs() {
			t.programs[program] = filepath.Join(folder, binFolder, program)
		}
	}
	return nil
}

// missing is what of the tools is not in the cache.
func missing(wanted []tool, t *Toolchain) []tool {
	return slices.DeleteFunc(slices.Clone(wanted), func(one tool) bool { return exists(t.folders[one.name]) })
}

// makeMissing makes what is not there, one after the other: each of the big
// ones takes all processors and some gigabytes of memory.
func (w *workshop) makeMissing(ctx context.Context, wanted []tool, t *Toolchain) error {
	if len(missing(wanted, t)) == 0 {
		return nil
	}
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("toolchain: %w; install Go as go.mod asks for it", err)
	}
	unlock, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	todo := missing(wanted, t) // whoever held the lock may have made it
	for i, one := range todo {
		label := fmt.Sprintf("[%d/%d] %s %s", i+1, len(todo), one.name, one.version)
		done := w.report.step(label, one.verb())
		err := w.make(ctx, one, t.folders[one.name])
		done(err)
		if err != nil {
			return err
		}
	}
	return nil
}

// make makes one tool beside its place and moves it there whole, so that a
// killed build leaves nothing that looks finished. What a failed one leaves is
// there for repeating its command, until the next attempt.
func (w *workshop) make(ctx context.Context, one tool, folder string) error {
	into := folder + halfMade
	if err := os.RemoveAll(into); err != nil {
		return fmt.Errorf("toolchain: %s: %w", one.name, err)
	}
	if err := os.MkdirAll(filepath.Join(into, binFolder), 0o755); err != nil {
		return fmt.Errorf("toolchain: %s: %w", one.name, err)
	}
	log, err := w.openLog(one)
	if err != nil {
		return err
	}
	defer log.Close()
	if err := one.fill(ctx, job{tools: w.tools, into: into, log: log}); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(into, overlayFolder)); err != nil {
		return fmt.Errorf("toolchain: %s: %w", one.name, err)
	}
	if err := os.Rename(into, folder); err != nil {
		return fmt.Errorf("toolchain: %s: %w", one.name, err)
	}
	return nil
}

// openLog starts the log of a tool again.
func (w *workshop) openLog(one tool) (*os.File, error) {
	folder := filepath.Join(w.store(), "logs")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("toolchain: log of %s: %w", one.name, err)
	}
	log, err := os.Create(filepath.Join(folder, string(one.name)+".log"))
	if err != nil {
		return nil, fmt.Errorf("toolchain: log of %s: %w", one.name, err)
	}
	return log, nil
}

// exists reports whether there is something at a path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
