package engine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSumSeesEachChange(t *testing.T) {
	root := t.TempDir()
	parts(t, root, "go.mod", "stacks/", "config/")
	program := executable{parts: []string{"go.mod", "stacks", "config"}}
	sum := func() string {
		text, err := program.sum(root)
		require.NoError(t, err)
		return text
	}
	first := sum()
	assert.Equal(t, first, sum())
	require.NoError(t, os.WriteFile(filepath.Join(root, "stacks", "a_test.go"), []byte("x"), 0o600))
	assert.Equal(t, first, sum(), "tests are not part of the program")
	require.NoError(t, os.WriteFile(filepath.Join(root, "stacks", "a.go"), []byte("x"), 0o600))
	second := sum()
	assert.NotEqual(t, first, second, "a new file")
	require.NoError(t, os.Rename(filepath.Join(root, "stacks", "a.go"), filepath.Join(root, "config", "a.go")))
	assert.NotEqual(t, second, sum(), "a moved file")
}

// One checkout takes what another has linked of the same sources, and has a copy
// of its own.
func TestExecutablesAreLinkedOnce(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("PLATFORM_CACHE", cache)
	checkout := func(text string) *Session {
		s := &Session{root: t.TempDir(), out: new(bytes.Buffer), env: os.Environ()}
		for name, text := range map[string]string{"go.mod": "module pack\n\ngo 1.26\n", "go.sum": "", "config/config.go": "package config\n", "policy/main.go": text} {
			path := filepath.Join(s.root, name)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		}
		require.NoError(t, s.build(t.Context(), s.policyPack()))
		return s
	}
	said := func(s *Session) string {
		out, err := exec.CommandContext(t.Context(), s.policyPack().path).CombinedOutput()
		require.NoError(t, err)
		return string(out)
	}
	program := func(word string) string {
		return "package main\n\nfunc main() { print(\"" + word + "\") }\n"
	}
	first := checkout(program("one"))
	assert.Contains(t, fmt.Sprint(first.out), "building the policy pack")
	second := checkout(program("one"))
	assert.Empty(t, fmt.Sprint(second.out))
	assert.Equal(t, "one", said(second))
	require.NoError(t, os.WriteFile(second.policyPack().path, []byte("broken"), 0o700))
	assert.Equal(t, "one", said(first))
	assert.Equal(t, "one", said(checkout(program("one"))), "nor is that in the cache another's")

	for _, word := range []string{"two", "three", "four", "five", "six"} {
		assert.Equal(t, word, said(checkout(program(word))))
	}
	checkout(program("one")) // is of use again
	checkout(program("seven"))
	assert.Empty(t, fmt.Sprint(checkout(program("one")).out))
	assert.Contains(t, fmt.Sprint(checkout(program("two")).out), "building", "the least used is forgotten")
	kept, err := os.ReadDir(filepath.Join(cache, "executables"))
	require.NoError(t, err)
	assert.Len(t, kept, keptExecutables)

	t.Setenv("PLATFORM_CACHE", t.TempDir())
	assert.ErrorContains(t, Build(t.Context(), first.root, new(bytes.Buffer)), "the program: ", "this has no main.go")
	kept, err = os.ReadDir(filepath.Join(os.Getenv("PLATFORM_CACHE"), "executables"))
	require.NoError(t, err)
	assert.Len(t, kept, 1, "another cache gets what this checkout has linked already")
}

// parts makes files, and folders where the name ends in a slash.
func parts(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(root, name)
		if name[len(name)-1] == '/' {
			require.NoError(t, os.MkdirAll(path, 0o700))
			continue
		}
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	}
}
