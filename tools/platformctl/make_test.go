package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// makefile is the project's, in a folder where bin/platformctl prints what it is
// called with and the variables that it is given.
func makefile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	folder := t.TempDir()
	for name, content := range map[string]string{
		"Makefile": regexp.MustCompile(`(?m)^SOURCES := .*$`).ReplaceAllString(string(text), "SOURCES :="),
		"bin/platformctl": "#!/bin/sh\necho \"$@\"\nfor name in STACK CONTEXT NODES SECRETS SECRET OUT CHECK PLAN BASE LIVE SERVICE TAG ALLOW_OLDER ARGS TIMEOUT; do\n" +
			"  printenv $name >value && printf '%s=%s\\n' $name \"$(cat value)\"\ndone\nexit 0\n",
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o755))
	}
	return folder
}

// runMake runs make in a folder, with variables in its environment.
func runMake(t *testing.T, folder string, environment []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "make", append([]string{"--no-print-directory"}, args...)...)
	cmd.Dir = folder
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestMakeTargets keeps the names that other programs call: each has a line in
// make help, and the command that stands behind it knows each of its flags.
func TestMakeTargets(t *testing.T) {
	help, err := runMake(t, makefile(t), nil, "help")
	require.NoError(t, err, help)
	for _, name := range []string{
		"up", "preview", "down", "render", "refresh", "recover", "rotate", "secrets-template", "policy-list", "reach", "image", "comment", "drift", "gitops", "ci-access",
		"cluster-up", "cluster-down", "kubeconfig", "open", "logs", "shell", "psql", "test", "e2e-nodes", "e2e-every", "e2e-kills", "e2e-argocd", "lint", "schema", "bench", "clean",
	} {
		assert.Regexp(t, `(?m)^  make `+name+` +\S`, help)
	}
	var names []string
	for name, target := range targets {
		if target.command == nil {
			continue
		}
		names = append(names, name)
		found, rest, err := newRoot(nil).Find(target.command)
		require.NoError(t, err, name)
		require.True(t, found.Runnable(), name)
		require.NoError(t, found.ParseFlags(rest), name)
		for _, variable := range append(target.variables, commonVariables...) {
			flag := variableFlags[variable]
			if variable == liveVariable {
				flag = "live"
			}
			assert.NotNil(t, found.Flag(flag), "%s: %s", name, variable)
		}
	}
	out, err := runMake(t, makefile(t), nil, names...)
	require.NoError(t, err, out)
	assert.Equal(t, "make "+strings.Join(names, "\nmake ")+"\n", out, "it runs the command by its own name, and nothing is set")
}

// TestMakeHandsOverWhatWasTyped has texts that a shell or make would take apart.
func TestMakeHandsOverWhatWasTyped(t *testing.T) {
	folder := makefile(t)
	for _, text := range []string{
		"x `touch ran` \"y\" $5", "$(touch ran)", "$(shell touch ran)", "$$HOME ${HOME} $HOME", `it's "quoted" \ and 'so on'`, "a; touch ran", "a && touch ran | b > ran", "#no comment", "two  spaces ", "%*?[a-z]~",
		"a=b c=d", "-- --x=y", "@-+x", "ünïcode", "$(value TAG)", "a\\", "--flag",
	} {
		var given []string
		for variable := range variableFlags {
			given = append(given, variable+"="+text)
		}
		given = append(given, argsVariable+"="+text, liveVariable+"="+text)
		for where, run := range map[string]func() (string, error){
			"command line": func() (string, error) { return runMake(t, folder, nil, append([]string{"image"}, given...)...) },
			"environment":  func() (string, error) { return runMake(t, folder, given, "image") },
		} {
			out, err := run()
			require.NoError(t, err, "%s %s: %s", where, text, out)
			for _, variable := range given {
				assert.Contains(t, out, "\n"+variable+"\n", where)
			}
		}
	}
	assert.NoFileExists(t, filepath.Join(folder, "ran"))
}

// TestMakeTimesTests has a go that prints what it is called with.
func TestMakeTimesTests(t *testing.T) {
	folder := makefile(t)
	for name, content := range map[string]string{
		"stubs/go": "#!/bin/sh\n[ \"$1\" = vet ] || echo \"$@\"\n", "tools/servers/install": "#!/bin/sh\n", "tools/gitops/argocd/build": "#!/bin/sh\n",
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o755))
	}
	search := "PATH=" + filepath.Join(folder, "stubs") + ":" + os.Getenv("PATH")
	for target, otherwise := range map[string]string{"e2e": "80m", "e2e-nodes": "180m", "e2e-every": "120m", "e2e-kills": "300m", "e2e-argocd": "80m", "bench": "80m"} {
		for want, run := range map[string]func() (string, error){
			otherwise: func() (string, error) { return runMake(t, folder, []string{search}, target) },
			"7m":      func() (string, error) { return runMake(t, folder, []string{search}, target, "TIMEOUT=7m") },
			"8m":      func() (string, error) { return runMake(t, folder, []string{search, "TIMEOUT=8m"}, target) },
		} {
			out, err := run()
			require.NoError(t, err, out)
			times := regexp.MustCompile(`(?m)^test .*-timeout (\S+)`).FindAllStringSubmatch(out, -1)
			require.NotEmpty(t, times, out)
			for _, found := range times {
				assert.Equal(t, want, found[1], "%s: %s", target, found[0])
			}
		}
	}
}

// TestMakeVariables looks at what becomes of them.
func TestMakeVariables(t *testing.T) {
	for name, tc := range map[string]struct {
		target    string
		given     []string // on make's command line
		variables map[string]string
		line      []string
		problem   string
	}{
		"none":                           {target: "up", line: []string{"up"}},
		"stack":                          {target: "up", given: []string{"STACK"}, variables: map[string]string{"STACK": "prod"}, line: []string{"up", "--stack=prod"}},
		"flags for pulumi":               {target: "up", variables: map[string]string{"ARGS": `--diff --message 'two words' --target "urn:a$b::c"`}, line: []string{"up", "--", "--diff", "--message", "two words", "--target", "urn:a$b::c"}},
		"own flags":                      {target: "drift", variables: map[string]string{"ARGS": "--help"}, line: []string{"drift", "--help"}},
		"no flags":                       {target: "up", given: []string{"ARGS"}, variables: map[string]string{"ARGS": ""}, line: []string{"up"}},
		"live":                           {target: "reach", variables: map[string]string{"LIVE": "1", "BASE": "main"}, line: []string{"reach", "--base=main", "--live"}},
		"text":                           {target: "image", variables: map[string]string{"SERVICE": "gateway", "TAG": "1", "ALLOW_OLDER": "x `y` $5"}, line: []string{"image", "--service=gateway", "--tag=1", "--allow-older=x `y` $5"}},
		"of the environment for another": {target: "up", variables: map[string]string{"SERVICE": "gateway", "TAG": ""}, line: []string{"up"}},
		"time":                           {target: "test", given: []string{"TIMEOUT", "GOFLAGS"}, variables: map[string]string{"TIMEOUT": "90m"}},
		"empty stack":                    {target: "up", given: []string{"STACK"}, variables: map[string]string{"STACK": ""}, problem: "make up: STACK is empty; leave it out or give it a value"},
		"empty context":                  {target: "down", variables: map[string]string{"CONTEXT": ""}, problem: "make down: CONTEXT is empty"},
		"empty twice":                    {target: "image", variables: map[string]string{"SERVICE": "", "TAG": ""}, problem: "make image: SERVICE is empty; leave it out or give it a value\n  TAG is empty"},
		"misspelt":                       {target: "up", given: []string{"STAK"}, problem: "make up: there is no variable STAK; did you mean STACK?"},
		"lower case":                     {target: "up", given: []string{"stack"}, problem: "did you mean STACK?"},
		"unheard of":                     {target: "up", given: []string{"REPLICAS"}, problem: "there is no variable REPLICAS; up takes STACK, CONTEXT, NODES, SECRETS, PLAN, ARGS"},
		"of another target":              {target: "up", given: []string{"SERVICE"}, variables: map[string]string{"SERVICE": "backend"}, problem: "up would ignore SERVICE; up takes"},
		"near another":                   {target: "up", given: []string{"SECRET"}, variables: map[string]string{"SECRET": "redis-auth"}, problem: "up would ignore SECRET; up takes"},
		"of tests":                       {target: "lint", given: []string{"TIMEOUT"}, problem: "lint would ignore TIMEOUT"},
		"all, not one":                   {target: "clean", given: []string{"STACK"}, variables: map[string]string{"STACK": "k3s-local"}, problem: "clean would ignore STACK; clean takes none"},
		"open quotes":                    {target: "up", variables: map[string]string{"ARGS": "--message 'two"}, problem: "close its quotes"},
		"no target":                      {target: "deploy", problem: "make deploy: there is no such command"},
	} {
		t.Run(name, func(t *testing.T) {
			line, err := commandLine(tc.target, tc.given, func(name string) (string, bool) {
				value, there := tc.variables[name]
				return value, there
			})
			if tc.problem != "" {
				assert.ErrorContains(t, err, tc.problem)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.line, line)
		})
	}
}

// TestMakeNamesItsVariables reads what make itself writes into MAKEFLAGS.
func TestMakeNamesItsVariables(t *testing.T) {
	folder := makefile(t)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "bin", "platformctl"), []byte("#!/bin/sh\nprintf %s \"$MAKEFLAGS\"\n"), 0o755))
	for name, tc := range map[string]struct {
		args []string
		want []string
	}{
		"none":    {nil, nil},
		"flags":   {[]string{"--silent", "--keep-going"}, nil},
		"some":    {[]string{"STACK=prod", "ARGS=--config a=b -- c=d", `TAG=x\y z=1`}, []string{"STACK", "ARGS", "TAG"}},
		"at once": {[]string{"-s", "STAK:=prod", "OUT=$(x) y=z"}, []string{"STAK", "OUT"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := runMake(t, folder, nil, append(tc.args, "up")...)
			require.NoError(t, err, out)
			assert.ElementsMatch(t, tc.want, givenVariables(out), out)
		})
	}
}

// TestMakeEndsWithAnError runs the command itself.
func TestMakeEndsWithAnError(t *testing.T) {
	t.Setenv("MAKEFLAGS", " -- STAK=prod")
	root := newRoot(nil)
	root.SetArgs([]string{"make", "up"})
	assert.ErrorContains(t, root.ExecuteContext(context.Background()), "did you mean STACK?")
	t.Setenv("MAKEFLAGS", "")
	t.Setenv("STACK", "moon")
	root = newRoot(nil)
	root.SetArgs([]string{"make", "up"})
	assert.ErrorContains(t, root.ExecuteContext(context.Background()), `stack "moon": is not one of dev, `)
}
