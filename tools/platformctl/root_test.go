package main

import (
	"bytes"
	"os"
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

func TestEveryCommandExplainsItself(t *testing.T) {
	for _, command := range [][]string{
		{},
		{"up"},
		{"preview"},
		{"down"},
		{"render"},
		{"refresh"},
		{"recover"},
		{"clean"},
		{"folder"},
		{"reach"},
		{"review"},
		{"review", "check"},
		{"comment"},
		{"comment", "show"},
		{"comment", "post"},
		{"comment", "issue"},
		{"drift"},
		{"gitops"},
		{"image"},
		{"access"},
		{"rotate"},
		{"open"},
		{"logs"},
		{"shell"},
		{"psql"},
		{"secrets", "template"},
		{"policy", "list"},
		{"toolchain"},
		{"cluster"},
		{"cluster", "up"},
		{"cluster", "down"},
		{"cluster", "run"},
		{"cluster", "kubeconfig"},
	} {
		out, err := execute(t, append(command, "--help")...)
		require.NoError(t, err, command)
		assert.Contains(t, out, "--stack string", command)
	}
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
