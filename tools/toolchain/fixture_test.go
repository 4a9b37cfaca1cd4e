package toolchain

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// hello is a tool whose module lies in the fixture's checkout.
var hello = tool{name: "hello", version: "1.0.0", builds: []build{{folder: "hello", packages: []string{"."}, output: "hello"}}}

const helloSource = "package main\n\nfunc main() { println(\"hello\") }\n"

// newCheckout makes a checkout with the one tool hello, and an empty cache.
func newCheckout(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	t.Setenv("PLATFORM_CACHE", t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("PLATFORM_TOOLCHAIN", "")
	write(t, filepath.Join(root, "go.mod"), rootModule+"\n\ngo 1.26\n")
	write(t, filepath.Join(root, "tools", "hello", "go.mod"), rootModule+"/tools/hello\n\ngo 1.26\n")
	write(t, filepath.Join(root, "tools", "hello", "main.go"), helloSource)
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// script installs an executable shell script.
func script(t *testing.T, path, text string) {
	t.Helper()
	write(t, path, "#!/bin/sh\n"+text)
	require.NoError(t, os.Chmod(path, 0o755))
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(text)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
