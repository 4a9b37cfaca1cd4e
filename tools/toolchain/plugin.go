package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// installPlugins puts the providers that were built where the CLI built here
// looks for them.
func (w *workshop) installPlugins(ctx context.Context, wanted []tool, t *Toolchain) error {
	isPlugin := func(one tool) bool { return one.plugin != "" }
	needed := slices.DeleteFunc(slices.Clone(wanted), func(one tool) bool {
		return !isPlugin(one) || t.installed(one)
	})
	if t.folders[Pulumi] == "" || len(needed) == 0 {
		return nil
	}
	unlock, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	for _, one := range needed {
		if t.installed(one) { // by whoever held the lock
			continue
		}
		if err := t.install(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// mark is the file that says which build of a plugin is installed: the CLI
// itself tells builds of one version not apart.
func (t *Toolchain) mark(one tool) string {
	return filepath.Join(t.home(), string(one.name)+".built")
}

func (t *Toolchain) installed(one tool) bool {
	built, err := os.ReadFile(t.mark(one))
	plugin := filepath.Join(t.home(), "plugins", fmt.Sprintf("resource-%s-v%s", one.plugin, one.version))
	return err == nil && string(built) == filepath.Base(t.folders[one.name]) && exists(plugin)
}

// install runs the CLI's own installation and leaves the mark.
func (t *Toolchain) install(ctx context.Context, one tool) error {
	cmd := exec.CommandContext(ctx, t.Pulumi(), "plugin", "install", "resource", one.plugin, one.version,
		"--file", t.Path(string(one.name)), "--exact", "--reinstall")
	cmd.Env = append(os.Environ(), t.Env()...)
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("toolchain: plugin %s: %w", one.plugin, context.Cause(ctx))
		}
		return fmt.Errorf("toolchain: plugin %s %s: %w; repeat it with\n  %s\nit said\n%s",
			one.plugin, one.version, err, repeat(t.home(), cmd.Args), out)
	}
	err := os.WriteFile(t.mark(one), []byte(filepath.Base(t.folders[one.name])), 0o600)
	if err != nil {
		return errors.Join(fmt.Errorf("toolchain: plugin %s", one.plugin), err)
	}
	return nil
}
