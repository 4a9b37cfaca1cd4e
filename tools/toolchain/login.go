package toolchain

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// credentialsPath is Pulumi's own variable: the folder of the login, in the
// place of PULUMI_HOME.
const credentialsPath = "PULUMI_CREDENTIALS_PATH"

// loginFiles are what Pulumi keeps in that folder: the tokens, and the default
// organization of each backend.
var loginFiles = []string{"credentials.json", "config.json"}

// prepareLogin makes the folder of the login of the CLI built here, unless the
// user has named one. The CLI's home is in the cache, and a login in no cache.
func (t *Toolchain) prepareLogin() error {
	if t.folders[Pulumi] == "" || os.Getenv(credentialsPath) != "" {
		return nil
	}
	state, err := StateFolder()
	if err != nil {
		return fmt.Errorf("toolchain: login of pulumi: %w", err)
	}
	t.login = filepath.Join(state, "login")
	if err := os.MkdirAll(t.login, 0o700); err != nil {
		return fmt.Errorf("toolchain: login of pulumi: %w; set XDG_STATE_HOME or %s to a folder that can be written", err, credentialsPath)
	}
	for _, name := range loginFiles {
		if err := takeOver(filepath.Join(t.home(), name), filepath.Join(t.login, name)); err != nil {
			return fmt.Errorf("toolchain: login of pulumi: %w", err)
		}
	}
	return nil
}

// takeOver moves a file, whole or not at all. One that is there already stays,
// and so does the other then.
func takeOver(from, to string) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := os.Rename(from, to)
	if errors.Is(err, syscall.EXDEV) {
		err = carryOver(from, to)
	}
	if errors.Is(err, fs.ErrNotExist) { // there is none, or another process was quicker
		return nil
	}
	return err
}

// carryOver moves a file to another file system.
func carryOver(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(to, text, 0o600, renameio.WithTempDir(filepath.Dir(to))); err != nil {
		return err
	}
	return os.Remove(from)
}
