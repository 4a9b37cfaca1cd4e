package engine

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// linked is a session whose policy pack is linked already.
func linked(t *testing.T) *Session {
	t.Helper()
	s := &Session{root: t.TempDir()}
	parts(t, s.root, append(s.policyPack().parts, "bin/", "bin/policy-pack")...)
	sum, err := s.policyPack().sum(s.root)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.policyPack().path+".sources", []byte(sum), 0o600))
	return s
}

func TestThePackGoesBeforeTheUsersOwn(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	require.NoError(t, os.WriteFile("mine.json", []byte(`{"all": "advisory"}`), 0o600))
	abs := func(name string) string { return filepath.Join(folder, name) }
	s := linked(t)
	own := []string{"--policy-pack", s.policyPack().path}
	for name, tc := range map[string]struct {
		args []string
		want []string // after the platform's pack
	}{
		"alone":            {nil, nil},
		"with other flags": {[]string{"--diff", "--target", "a=b"}, []string{"--diff", "--target", "a=b"}},
		"configured":       {[]string{"--diff", "--policy-pack-config", "mine.json"}, []string{"--policy-pack-config", abs("mine.json"), "--diff"}},
		"joined":           {[]string{"--policy-pack-config=mine.json"}, []string{"--policy-pack-config", abs("mine.json")}},
		"beside another":   {[]string{"--policy-pack", "other", "--diff"}, []string{"--policy-pack", abs("other"), "--diff"}},
		"beside two":       {[]string{"--policy-pack=a,b"}, []string{"--policy-pack", abs("a"), "--policy-pack", abs("b")}},
		"another configured": {
			[]string{"--policy-pack", "other", "--policy-pack-config", "none.json"},
			[]string{"--policy-pack", abs("other"), "--policy-pack-config", os.DevNull, "--policy-pack-config", abs("none.json")},
		},
		"both configured": {
			[]string{"--policy-pack", "other", "--policy-pack-config", "mine.json", "--policy-pack-config", "none.json"},
			[]string{"--policy-pack", abs("other"), "--policy-pack-config", abs("mine.json"), "--policy-pack-config", abs("none.json")},
		},
		"a comma in it": {[]string{"--policy-pack", "/a\"b"}, []string{"--policy-pack", `"/a""b"`}},
	} {
		t.Run(name, func(t *testing.T) {
			given := slices.Clone(tc.args)
			args, err := s.policed(t.Context(), tc.args)
			require.NoError(t, err)
			assert.Equal(t, append(slices.Clone(own), tc.want...), args)
			assert.Equal(t, given, tc.args, "the caller's stay")
		})
	}
}

func TestMistakesInAPolicyConfiguration(t *testing.T) {
	folder := t.TempDir()
	for name, tc := range map[string]struct {
		content string
		want    string
	}{
		"unknown rule": {`{"nonesuch": {"most": 1}}`, "rule nonesuch: there is none of this name"},
		"no JSON":      {"all: advisory", "is no JSON object of rules"},
		"remediate":    {`{"all": "remediate"}`, "this pack changes no resource"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, strings.ReplaceAll(name, " ", "-")+".json")
			require.NoError(t, os.WriteFile(path, []byte(tc.content), 0o600))
			_, err := linked(t).policed(t.Context(), []string{"--policy-pack-config", path})
			require.ErrorContains(t, err, tc.want)
			assert.ErrorContains(t, err, path)
		})
	}
	for _, args := range [][]string{{"--policy-pack"}, {"--diff", "--policy-pack-config"}} {
		_, err := linked(t).policed(t.Context(), args)
		assert.ErrorContains(t, err, "names no file")
	}
	_, err := linked(t).policed(t.Context(), []string{"--policy-pack-config", filepath.Join(folder, "missing.json")})
	assert.ErrorContains(t, err, "no such file")
}

// The pack is linked again when a source of it changed, and nothing goes on
// where that fails.
func TestAPackThatCannotBeBuiltIsAnError(t *testing.T) {
	t.Setenv("PLATFORM_CACHE", t.TempDir())
	var out bytes.Buffer
	s := &Session{root: t.TempDir(), out: &out, env: os.Environ()}
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(s.root, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(s.root, name), []byte(text), 0o600))
	}
	write("go.mod", "module pack\n\ngo 1.26\n")
	write("go.sum", "")
	write("config/config.go", "package config\n")
	write("policy/main.go", "package main\n\nfunc main() { none() }\n")
	_, err := s.policed(t.Context(), nil)
	require.ErrorContains(t, err, "the policy pack does not compile")
	require.ErrorContains(t, err, "undefined: none")

	write("policy/main.go", "package main\n\nfunc main() {}\n")
	_, err = s.policed(t.Context(), nil)
	require.NoError(t, err)
	assert.FileExists(t, s.policyPack().path)
	out.Reset()
	write("policy/main_test.go", "package main\n")
	_, err = s.policed(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, out.String(), "a test is no part of it")
	write("policy/rule.go", "package main\n\nfunc unused() {}\n")
	_, err = s.policed(t.Context(), nil)
	require.NoError(t, err)
	assert.Contains(t, out.String(), "building the policy pack")
}

// A package that is not among the sources could change without the pack.
func TestTheSourcesOfThePackAreAllOfThem(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if and .Module .Module.Main}}{{.ImportPath}}{{end}}", "./policy")
	cmd.Dir = filepath.Join("..", "..")
	text, err := cmd.Output()
	require.NoError(t, err)
	packages := strings.Fields(string(text))
	assert.Contains(t, packages, "platform/policy/serve")
	for _, name := range packages {
		folder, _, _ := strings.Cut(strings.TrimPrefix(name, "platform/"), "/")
		assert.Contains(t, (&Session{}).policyPack().parts, folder, "%s is linked into the pack", name)
	}
}
