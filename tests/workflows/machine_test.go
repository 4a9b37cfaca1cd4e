package workflows

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// machine is a folder in which scripts of the workflows run as on a runner.
type machine struct {
	t      *testing.T
	folder string
	env    map[string]string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"temp", "stubs", "work"} {
		require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o755))
	}
	return &machine{t, folder, map[string]string{
		"HOME": folder, "RUNNER_TEMP": filepath.Join(folder, "temp"),
		"PATH":          filepath.Join(folder, "stubs") + ":" + os.Getenv("PATH"),
		"GITHUB_OUTPUT": filepath.Join(folder, "output"), "GITHUB_ENV": filepath.Join(folder, "env"),
		"GITHUB_REPOSITORY": "owner/name", "GITHUB_API_URL": "https://api.test",
		"GIT_CONFIG_NOSYSTEM": "1",
	}}
}

// stub is a program in the place of a real one.
func (m *machine) stub(name, script string) {
	m.t.Helper()
	path := filepath.Join(m.folder, "stubs", name)
	if strings.HasPrefix(name, "bin/") {
		path = filepath.Join(m.folder, "work", name)
	}
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte("#!/bin/bash\n"+script), 0o755))
}

// run runs the one step of a job, or of an action, whose script has the words.
func (m *machine) run(where, words string) (string, error) {
	m.t.Helper()
	var found []string
	for _, s := range load(m.t).steps(m.t)[where] {
		if strings.Contains(s.Run, words) {
			found = append(found, s.Run)
		}
	}
	require.Len(m.t, found, 1, where)
	return m.bash(found[0])
}

func (m *machine) bash(script string) (string, error) {
	cmd := exec.CommandContext(m.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = filepath.Join(m.folder, "work")
	for _, name := range slices.Sorted(maps.Keys(m.env)) {
		cmd.Env = append(cmd.Env, name+"="+m.env[name])
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (m *machine) read(names ...string) string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{m.folder}, names...)...))
	if !os.IsNotExist(err) {
		require.NoError(m.t, err)
	}
	return string(text)
}

func (m *machine) write(text string, names ...string) {
	m.t.Helper()
	path := filepath.Join(append([]string{m.folder}, names...)...)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte(text), 0o600))
}

// platformctl is the real program.
var platformctl = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("platformctl-of-workflows-%d", os.Getpid()))
	out, err := exec.Command("go", "build", "-o", path, "platform/tools/platformctl").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.Remove(filepath.Join(os.TempDir(), fmt.Sprintf("platformctl-of-workflows-%d", os.Getpid())))
	os.Exit(code)
}

// repository of git with one commit.
func (m *machine) git(folder string) {
	m.t.Helper()
	out, err := m.bash("cd '" + folder + "' && git init --quiet --initial-branch main && git add --all && git -c user.name=a -c user.email=a@b.test commit --quiet -m one")
	require.NoError(m.t, err, out)
}
