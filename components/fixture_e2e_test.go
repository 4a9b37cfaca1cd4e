//go:build e2e

package components_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"platform/tests/host"
)

// These tests run the programs that the containers run, with the scripts and
// settings that the components make. They need no cluster and no network.

// patience bounds the wait for a program on a machine that is busy.
const patience = time.Minute

// resolved are the variables of a container as the kubelet would set them,
// less those that the caller overrides.
func resolved(t *testing.T, container any, secrets map[string]map[string]string, override map[string]string) []string {
	t.Helper()
	variables := environment(container)
	for _, variable := range list(container, "env") {
		name := dig(variable, "name").(string)
		if reference := dig(variable, "valueFrom", "secretKeyRef"); reference != nil {
			value, ok := secrets[dig(reference, "name").(string)][dig(reference, "key").(string)]
			require.True(t, ok, "%s: the Secret has no such key", name)
			variables[name] = value
		}
	}
	for name, value := range override {
		variables[name] = value
	}
	all := []string{"PATH=" + os.Getenv("PATH")}
	if path, ok := override["PATH"]; ok {
		all = []string{"PATH=" + path}
	}
	for name, value := range variables {
		all = append(all, fmt.Sprintf("%s=%v", name, value))
	}
	return all
}

// command is the command line of a container or a probe, with paths of the
// container replaced by those of the test, and nothing else.
func command(t *testing.T, line any, paths map[string]string) []string {
	t.Helper()
	var words []string
	var forth, back []string
	for _, from := range slices.Backward(slices.Sorted(maps.Keys(paths))) { // a path before its parent
		forth, back = append(forth, from, paths[from]), append(back, paths[from], from)
	}
	there, home := strings.NewReplacer(forth...), strings.NewReplacer(back...)
	for _, word := range line.([]any) {
		changed := there.Replace(word.(string))
		require.Equal(t, word, home.Replace(changed))
		words = append(words, changed)
	}
	return words
}

// execute runs a program to its end and returns what it wrote.
func execute(t *testing.T, environ []string, words ...string) (string, error) {
	t.Helper()
	program := exec.CommandContext(t.Context(), words[0], words[1:]...)
	if path, err := exec.LookPath(words[0]); err == nil {
		program.Path = path
	}
	var output bytes.Buffer
	program.Env, program.Stdout, program.Stderr = environ, &output, &output
	err := program.Run()
	return output.String(), err
}

// launch starts a program that stays, with its output in a file, and ends it
// with all its processes at the end of the test.
func launch(t *testing.T, program *exec.Cmd, log string) {
	t.Helper()
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	program.Stdout, program.Stderr = output, output
	if program.SysProcAttr == nil {
		program.SysProcAttr = &syscall.SysProcAttr{}
	}
	program.SysProcAttr.Setpgid = true
	require.NoError(t, program.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-program.Process.Pid, syscall.SIGKILL)
		if program.ProcessState == nil {
			_ = program.Wait()
		}
		_ = output.Close()
		if t.Failed() {
			content, _ := os.ReadFile(log)
			t.Logf("%s\n%s", log, content)
		}
	})
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if condition() {
			return
		}
	}
	require.Fail(t, what+": not within "+patience.String())
}

// write puts files into a folder and returns it.
func write(t *testing.T, folder string, files map[string]string) string {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return folder
}

// unprivileged is a user for programs that refuse to run as root, and nil for
// who is not root.
func unprivileged(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(found.Uid, 10, 32)
			gid, _ := strconv.ParseUint(found.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	host.Lacks(t, "this runs as root, and there is neither a user postgres nor nobody to run PostgreSQL as")
	return nil
}
