package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
)

// execute runs a command line and returns what it printed.
func execute(t *testing.T, args ...string) (string, error) {
	t.Helper()
	t.Setenv("PLATFORM_STACKS", t.TempDir())
	return printed(t, newRoot(secret.NewKnown(secret.OfEnvironment(os.Environ())...)), args...)
}

// printed runs one command, alone or as the root of others, and returns what it
// printed.
func printed(t *testing.T, command *cobra.Command, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	command.SetArgs(args)
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

// TestEveryCommandExplainsItself checks that help is enough to use a command.
func TestEveryCommandExplainsItself(t *testing.T) {
	commands := 0
	var check func(*cobra.Command)
	check = func(command *cobra.Command) {
		if command.Hidden {
			return
		}
		commands++
		path := command.CommandPath()
		out, err := execute(t, append(strings.Fields(path)[1:], "--help")...)
		require.NoError(t, err, path)
		for _, want := range []string{"Usage:\n  " + path, "Examples:\n  ", "--stack string"} {
			assert.Contains(t, out, want, path)
		}
		assert.NotEmpty(t, command.Short, path)
		assert.Regexp(t, `^[A-Z][^\n]{10,}`, command.Long, "%s says what it does", path)
		assert.Regexp(t, `platformctl`+strings.TrimPrefix(path, "platformctl")+`\b`, command.Example, path)
		for line := range strings.Lines(out) {
			assert.LessOrEqual(t, len(strings.TrimSpace(line)), 160, "%s: %s", path, line)
		}
		if command.Runnable() {
			assert.Contains(t, out, "Exit codes:\n  ", path)
		}
		for usage := range strings.Lines(command.LocalFlags().FlagUsages()) {
			assert.Regexp(t, `^ +(-., )?--[a-z-]+( [a-z]+)? {2,}\S`, usage, path)
		}
		for _, one := range command.Commands() {
			check(one)
		}
	}
	check(newRoot(secret.NewKnown()))
	assert.Greater(t, commands, 30)
	out, err := execute(t, "comment", "post", "--help")
	require.NoError(t, err)
	assert.Contains(t, out, "Environment:\n  GITHUB_TOKEN ")
}

func TestMistakesAreToldWithTheirRemedy(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"render nowhere":         {[]string{"render"}, "name one with --out (make render OUT=dir)"},
		"unknown stack":          {[]string{"preview", "--stack", "moon"}, "is not one of dev, k3s, k3s-local, local, prod, staging"},
		"no secret to rotate":    {[]string{"rotate", "--stack", "prod", "--secret", "redis"}, "stack prod has no secret redis"},
		"no cluster":             {[]string{"cluster", "kubeconfig"}, "make cluster-up STACK=local"},
		"cluster of others":      {[]string{"cluster", "down", "--stack", "prod"}, "not on an embedded one"},
		"nothing to open":        {[]string{"open"}, "does not run; start it with make up STACK=local"},
		"nothing that logs":      {[]string{"logs", "--service", "backend"}, "does not run; start it with make up STACK=local"},
		"words after open":       {[]string{"open", "prod"}, `unknown command "prod"`},
		"words after cluster up": {[]string{"cluster", "up", "now"}, `unknown command "now"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, tc.args...)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
