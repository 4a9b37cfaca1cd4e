package toolchain

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// rootModule is the module line of the checkout's go.mod.
const rootModule = "module platform"

// Root is the checkout around a folder: the nearest folder above it whose
// go.mod declares this project's module.
func Root(folder string) (string, error) {
	start, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("toolchain: checkout: %w", err)
	}
	for at := start; ; at = filepath.Dir(at) {
		declares, err := declaresRoot(filepath.Join(at, "go.mod"))
		if err != nil {
			return "", fmt.Errorf("toolchain: checkout: %w", err)
		}
		if declares {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("toolchain: no go.mod of %q at %q or above; run it inside the checkout", rootModule, start)
		}
	}
}

// declaresRoot reports whether a go.mod is that of the checkout, not of one of
// the tools in it.
func declaresRoot(path string) (bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	for line := range bytes.Lines(text) {
		if string(bytes.TrimSpace(line)) == rootModule {
			return true, nil
		}
	}
	return false, err
}

// CacheFolder is where everything that this project can make again lies.
func CacheFolder() (string, error) {
	if folder := os.Getenv("PLATFORM_CACHE"); folder != "" {
		return filepath.Abs(folder)
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("toolchain: no cache folder: %w; set PLATFORM_CACHE to one", err)
	}
	return filepath.Join(user, "platform"), nil
}

// StateFolder is where everything lies that nobody can make again: the states of
// stacks and the user's login.
func StateFolder() (string, error) {
	if folder := os.Getenv("XDG_STATE_HOME"); folder != "" {
		if !filepath.IsAbs(folder) {
			return "", fmt.Errorf("XDG_STATE_HOME: %q is relative, so every working directory would have a state of its own; give it an absolute path, or unset it for ~/.local/state", folder)
		}
		return filepath.Join(folder, "platform"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no folder for states: %w; set XDG_STATE_HOME to one", err)
	}
	return filepath.Join(home, ".local", "state", "platform"), nil
}
