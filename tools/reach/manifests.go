package reach

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"platform/policy/pack"
	"platform/policy/reach/objects"
	"platform/tools/engine"
	"platform/tools/toolchain"
)

// Rendered is the objects of a stack as the checkout makes them, rendered into
// a folder that is removed again.
func Rendered(ctx context.Context, opts engine.Options) (*pack.Stack, error) {
	folder, err := os.MkdirTemp("", "platform-reach-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	manifests := filepath.Join(folder, "manifests")
	if err := engine.Render(ctx, opts, manifests); err != nil {
		return nil, err
	}
	return objects.Read(manifests, opts.Stack)
}

// RenderedAt is the objects of the same stack as another revision makes them:
// its files are checked out beside, and its own platformctl renders them.
func RenderedAt(ctx context.Context, opts engine.Options, revision string) (*pack.Stack, error) {
	root, err := toolchain.Root(opts.Root)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "platform-reach-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	b := base{ctx: ctx, out: opts.Out, revision: revision}
	commit, err := b.run(root, "git", "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("base %q: is no revision of this checkout; name one with --base (make reach BASE=rev)", revision)
	}
	checkout, manifests := filepath.Join(folder, "checkout"), filepath.Join(folder, "manifests")
	if _, err := b.run(root, "git", "worktree", "add", "--detach", "--quiet", checkout, commit); err != nil {
		return nil, err
	}
	// Not the context: what git keeps of the checkout goes even after Ctrl-C.
	defer func() { _ = exec.Command("git", "-C", root, "worktree", "remove", "--force", checkout).Run() }()
	fmt.Fprintf(opts.Out, "building platformctl of %s …\n", revision)
	program := filepath.Join(folder, "platformctl")
	if _, err := b.run(checkout, "go", "build", "-o", program, "./tools/platformctl"); err != nil {
		return nil, err
	}
	if _, err := b.run(checkout, program, "--root", checkout, "--stack", opts.Stack, "render", "--out", manifests); err != nil {
		return nil, err
	}
	return objects.Read(manifests, revision)
}

// base runs programs for another revision.
type base struct {
	ctx      context.Context //nolint:containedctx // lives as long as one call
	out      io.Writer
	revision string
}

// run is what a program prints, without the line's end.
func (b base) run(folder, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, program, args...)
	cmd.Dir = folder
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("base %q: %s %s: %w:\n%s", b.revision, filepath.Base(program), strings.Join(args, " "), err, strings.TrimSpace(string(text)))
	}
	return strings.TrimSpace(string(text)), nil
}
