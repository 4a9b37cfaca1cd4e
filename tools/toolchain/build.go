package toolchain

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// killDelay is what an interrupted command gets to end by itself.
const killDelay = 5 * time.Second

// verb says what making the tool is, for the progress line.
func (t tool) verb() string {
	if len(t.builds) == 0 {
		return "downloading"
	}
	return "building"
}

// programs are the names of what the tool puts into its bin folder.
func (t tool) programs() []string {
	var names []string
	for _, b := range t.builds {
		names = append(names, b.programs()...)
	}
	return names
}

func (b build) programs() []string {
	if b.output != "" {
		return []string{b.output}
	}
	names := make([]string, len(b.packages))
	for i, pkg := range b.packages {
		names[i] = path.Base(pkg)
	}
	return names
}

// fill makes everything of a tool in the job's folder.
func (t tool) fill(ctx context.Context, j job) error {
	for _, b := range t.builds {
		if err := b.run(ctx, t, j); err != nil {
			return err
		}
	}
	return copyFiles(ctx, t, j)
}

// run builds the programs, behind a wrapper if there is one.
func (b build) run(ctx context.Context, t tool, j job) error {
	folder := filepath.Join(j.into, binFolder)
	if b.wrapper != "" {
		folder = filepath.Join(j.into, libexecFolder)
		if err := writeWrapper(filepath.Join(j.into, binFolder, b.programs()[0]), b.wrapper); err != nil {
			return fmt.Errorf("toolchain: %s: %w", t.name, err)
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("toolchain: %s: %w", t.name, err)
	}
	args, err := b.arguments(ctx, j, folder)
	if err != nil {
		return fmt.Errorf("toolchain: %s: %w", t.name, err)
	}
	if err := runLogged(ctx, filepath.Join(j.tools, b.folder), j.log, "go", args...); err != nil {
		return newBuildError(t, filepath.Join(j.tools, b.folder), append([]string{"go"}, args...), j.log.Name(), err)
	}
	return nil
}

// arguments are those of the go command. They stay as they are: other flags
// would miss Go's build cache and compile everything again.
func (b build) arguments(ctx context.Context, j job, folder string) ([]string, error) {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-mod=readonly"}
	if b.overlay != nil {
		files, err := b.overlay(ctx, j)
		if err != nil {
			return nil, err
		}
		list, err := writeOverlay(filepath.Join(j.into, overlayFolder), filepath.Join(j.tools, b.folder), files)
		if err != nil {
			return nil, err
		}
		args = append(args, "-overlay", list)
	}
	ldflags := "-s -w"
	if b.ldflags != "" {
		ldflags += " " + b.ldflags
	}
	if b.static {
		flags, err := staticFlags(ctx)
		if err != nil {
			return nil, err
		}
		ldflags += flags
	}
	output := folder + string(filepath.Separator)
	if b.output != "" {
		output = filepath.Join(folder, b.output)
	}
	return append(append(args, "-ldflags", ldflags, "-o", output), b.packages...), nil
}

// staticFlags link a program without shared libraries. CGO_ENABLED=0 would do
// it too, but compile again all that other programs have in Go's build cache.
func staticFlags(ctx context.Context) (string, error) {
	cgo, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED").Output()
	if err != nil {
		return "", fmt.Errorf("go env CGO_ENABLED: %w", err)
	}
	if strings.TrimSpace(string(cgo)) == "0" {
		return "", nil // every program is static
	}
	return " -linkmode=external -extldflags=-static", nil
}

// writeOverlay stores files and the list that makes go build see them in a
// folder of the checkout, which itself stays as it is.
func writeOverlay(into, seenIn string, files map[string][]byte) (string, error) {
	if err := os.MkdirAll(into, 0o755); err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	replace := map[string]string{}
	for name, content := range files {
		at := filepath.Join(into, name)
		if err := os.WriteFile(at, content, 0o644); err != nil {
			return "", fmt.Errorf("overlay: %w", err)
		}
		replace[filepath.Join(seenIn, name)] = at
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	list := filepath.Join(into, "overlay.json")
	if err := os.WriteFile(list, text, 0o644); err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	return list, nil
}

// runLogged runs a command in a folder, its output going to the log.
func runLogged(ctx context.Context, folder string, log *os.File, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = killDelay
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
	return nil
}
