package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
)

// linkPlugins puts the providers that were built where the CLI built here looks
// for them. Its own installation would do it, too, but packs and unpacks each for
// it, which takes a quarter of a minute.
func (t *Toolchain) linkPlugins(wanted []tool) error {
	if t.folders[Pulumi] == "" {
		return nil
	}
	for _, one := range wanted {
		if one.plugin == "" {
			continue
		}
		if err := t.link(one); err != nil {
			return fmt.Errorf("toolchain: plugin %s %s: %w", one.plugin, one.version, err)
		}
	}
	return nil
}

// link replaces what is in the place of a plugin, another build of the same
// version included, and leaves nothing half done to those who run it meanwhile.
func (t *Toolchain) link(one tool) error {
	program := t.Path(string(one.name))
	at := filepath.Join(t.home(), "plugins", fmt.Sprintf("resource-%s-v%s", one.plugin, one.version), "pulumi-resource-"+one.plugin)
	if linked, err := os.Readlink(at); err == nil && linked == program {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	next := fmt.Sprintf("%s.%d", at, os.Getpid())
	if err := os.Symlink(program, next); err != nil {
		return err
	}
	return os.Rename(next, at)
}
