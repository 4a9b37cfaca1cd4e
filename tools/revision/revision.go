// Package revision checks out other revisions of the project beside the
// checkout, so that what their programs make can be compared with its own.
package revision

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Revision is the project as one commit has it.
type Revision struct {
	Name   string // as the user wrote it, such as main
	Commit string // in full
	Root   string // folder of its files
	Folder string // for whatever else is made of it; gone with it

	checkout string // whose repository it is of
}

// Checkout writes the files of a revision of the checkout at root into a folder
// of the system's temporary ones. Close removes it.
func Checkout(ctx context.Context, root, name string) (*Revision, error) {
	if _, err := git(ctx, root, "rev-parse", "--git-dir"); err != nil {
		return nil, fmt.Errorf("base %q: git cannot read the history of %s; use a clone of your own, or name no base to compare with what is deployed: %w", name, root, err)
	}
	commit, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("base %q: is no revision of this checkout; name one with --base (make ... BASE=rev), and fetch it first where it is another's", name)
	}
	folder, err := os.MkdirTemp("", "platform-revision-")
	if err != nil {
		return nil, err
	}
	r := &Revision{Name: name, Commit: commit, Root: filepath.Join(folder, "checkout"), Folder: folder, checkout: root}
	if _, err := git(ctx, root, "worktree", "add", "--detach", "--quiet", r.Root, commit); err != nil {
		r.Close()
		return nil, fmt.Errorf("base %q: %w", name, err)
	}
	return r, nil
}

// Close removes the files, and what git keeps of them.
func (r *Revision) Close() {
	// Without the context: it goes after Ctrl-C as well.
	_ = exec.Command("git", "-C", r.checkout, "worktree", "remove", "--force", r.Root).Run()
	_ = os.RemoveAll(r.Folder)
}

// Run is what a program prints in the revision's files, without the line's end.
func (r *Revision) Run(ctx context.Context, program string, args ...string) (string, error) {
	text, err := run(ctx, r.Root, program, args...)
	if err != nil {
		return "", fmt.Errorf("base %q: %w", r.Name, err)
	}
	return text, nil
}

// changed is what the commit of a checkout with changes of its own ends in.
const changed = "+changes"

// Head is the commit of a checkout, in full. It ends in "+changes" where files
// differ from it, and is empty where git cannot tell: in an unpacked archive, in
// a checkout of another user, or without git.
func Head(ctx context.Context, root string) string {
	commit, err := git(ctx, root, "rev-parse", "--verify", "HEAD")
	if err != nil {
		return ""
	}
	if status, err := git(ctx, root, "status", "--porcelain"); err != nil || status != "" {
		return commit + changed
	}
	return commit
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	return run(ctx, root, "git", args...)
}

func run(ctx context.Context, folder, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w:\n%s", filepath.Base(program), strings.Join(args, " "), err, strings.TrimSpace(string(text)))
	}
	return strings.TrimSpace(string(text)), nil
}
