package reach

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"platform/policy/pack"
	"platform/policy/reach/objects"
	"platform/tools/engine"
	"platform/tools/revision"
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
	if _, err := engine.Render(ctx, opts, engine.Rendering{Folder: manifests, Unjudged: true}); err != nil {
		return nil, err
	}
	return objects.Read(manifests, opts.Stack)
}

// RenderedAt is the objects of the same stack as another revision makes them:
// its files are checked out beside, and its own platformctl renders them.
func RenderedAt(ctx context.Context, opts engine.Options, name string) (*pack.Stack, error) {
	root, err := toolchain.Root(opts.Root)
	if err != nil {
		return nil, err
	}
	base, err := revision.Checkout(ctx, root, name)
	if err != nil {
		return nil, err
	}
	defer base.Close()
	fmt.Fprintf(opts.Out, "building platformctl of %s …\n", name)
	program, manifests := filepath.Join(base.Folder, "platformctl"), filepath.Join(base.Folder, "manifests")
	if _, err := base.Run(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", program, "./tools/platformctl"); err != nil {
		return nil, err
	}
	if _, err := base.Run(ctx, program, "--root", base.Root, "--stack", opts.Stack, "render", "--out", manifests); err != nil {
		return nil, err
	}
	return objects.Read(manifests, name)
}
