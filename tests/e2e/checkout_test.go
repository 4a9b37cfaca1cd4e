//go:build e2e

// Package e2e deploys the stacks local and k3s-local as their users do: by make, with the real
// engine and providers, on the embedded cluster.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// commandTimeout bounds one make target, once the toolchain is there.
const commandTimeout = 5 * time.Minute

// realTimeout is the same where containers have to start.
const realTimeout = 12 * time.Minute

// checkout is a copy of the project whose stack file a test may edit, with
// clusters and states of its own.
type checkout struct {
	t      *testing.T
	dir    string
	stacks string
	stack  string       // that the targets work on
	nodes  string       // simulated or real
	env    []string     // NAME=VALUE, beside this process' own
	output bytes.Buffer // of every command, for the search for secrets
}

func newCheckout(t *testing.T, stack string) *checkout {
	t.Helper()
	return newCheckoutOn(t, stack, "simulated")
}

func newCheckoutOn(t *testing.T, stack, nodes string) *checkout {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	c := &checkout{t: t, dir: filepath.Join(t.TempDir(), "checkout"), stacks: t.TempDir(), stack: stack, nodes: nodes}
	for _, name := range []string{"go.mod", "go.sum", "main.go", "Makefile", "Pulumi.yaml", "components", "config", "policy", "stacks", "tests/standin", "tools"} {
		into := filepath.Dir(filepath.Join(c.dir, name))
		require.NoError(t, os.MkdirAll(into, 0o755))
		out, err := exec.Command("cp", "-R", filepath.Join(root, name), into).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	files, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		out, err := exec.Command("cp", file, c.dir).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	out, err := makeCommands()
	require.NoError(t, err, string(out))
	require.NoError(t, os.Mkdir(filepath.Join(c.dir, "bin"), 0o755))
	out, err = exec.Command("cp", filepath.Join(root, "bin", "platformctl"), filepath.Join(c.dir, "bin")).CombinedOutput()
	require.NoError(t, err, string(out))
	t.Cleanup(func() {
		out, err := c.try("clean")
		if err != nil {
			t.Errorf("make clean: %v\n%s", err, out)
		}
	})
	return c
}

// makeCommands compiles platformctl, which is the same in each checkout and takes
// seconds to link.
var makeCommands = sync.OnceValues(func() ([]byte, error) {
	return exec.Command("make", "-C", "../..", "ctl").CombinedOutput()
})

// make runs a target that is expected to succeed, and returns what it printed.
func (c *checkout) make(args ...string) string {
	c.t.Helper()
	out, err := c.try(args...)
	require.NoError(c.t, err, "make %s\n%s", strings.Join(args, " "), out)
	return out
}

// refuse runs a target that is expected to fail.
func (c *checkout) refuse(args ...string) string {
	c.t.Helper()
	out, err := c.try(args...)
	require.Error(c.t, err, "make %s\n%s", strings.Join(args, " "), out)
	return out
}

func (c *checkout) try(args ...string) (string, error) {
	timeout := commandTimeout
	if c.nodes != "simulated" {
		timeout = realTimeout
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := c.command(ctx, args...)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	c.output.Write(out)
	return string(out), err
}

// setenv sets a variable for what the checkout runs, until a test ends. Tests
// run side by side, so none may set one of this process.
func (c *checkout) setenv(t *testing.T, name, value string) {
	t.Helper()
	before := len(c.env)
	c.env = append(c.env, name+"="+value)
	t.Cleanup(func() { c.env = c.env[:before] })
}

// home is the folder of the stack, at a context of the user's where one is given.
// It need not be there yet.
func (c *checkout) home(context string) string {
	files, err := filepath.Glob(filepath.Join(c.stacks, "*", "stack.json"))
	require.NoError(c.t, err)
	for _, file := range files {
		var of struct{ Stack, Context string }
		text, err := os.ReadFile(file)
		require.NoError(c.t, err)
		require.NoError(c.t, json.Unmarshal(text, &of))
		if of.Stack == c.stack && of.Context == context {
			return filepath.Dir(file)
		}
	}
	return filepath.Join(c.stacks, "none of "+c.stack)
}

// value is that of a variable that was set for it.
func (c *checkout) value(name string) string {
	for _, one := range slices.Backward(c.env) {
		if value, is := strings.CutPrefix(one, name+"="); is {
			return value
		}
	}
	return ""
}

func (c *checkout) environ() []string {
	// The variables of a make that runs the tests are not those of theirs.
	outside := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "MAKEFLAGS=") })
	return slices.Concat(outside, []string{"PLATFORM_STACKS=" + c.stacks}, c.env)
}

// command runs make in a process group of its own, which can be killed whole.
func (c *checkout) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "make", append([]string{"--no-print-directory"}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(c.environ(), "STACK="+c.stack)
	if c.nodes != "" {
		cmd.Env = append(cmd.Env, "NODES="+c.nodes)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// edit changes one setting of a stack file: path is a key below config, such
// as platform:frontend.replicas.
func (c *checkout) edit(stack, path string, value any) {
	c.t.Helper()
	file := c.stackFile(stack)
	text, err := os.ReadFile(file)
	require.NoError(c.t, err)
	var content map[string]any
	require.NoError(c.t, yaml.Unmarshal(text, &content))
	at := content["config"].(map[string]any)
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	if value == nil {
		delete(at, keys[len(keys)-1])
	} else {
		at[keys[len(keys)-1]] = value
	}
	text, err = yaml.Marshal(content)
	require.NoError(c.t, err)
	require.NoError(c.t, os.WriteFile(file, text, 0o644))
}

// withoutNode takes a node out of a stack's topology and returns the file as it
// was, for restore.
func (c *checkout) withoutNode(stack, node string) []byte {
	c.t.Helper()
	before, err := os.ReadFile(c.stackFile(stack))
	require.NoError(c.t, err)
	nodes := c.topologyNodes(stack)
	kept := slices.DeleteFunc(slices.Clone(nodes), func(one any) bool { return one.(map[string]any)["name"] == node })
	require.Less(c.t, len(kept), len(nodes), "node %s is there", node)
	c.edit(stack, "platform:topology.nodes", kept)
	return before
}

// topologyNodes are those of a stack's topology, which it may have from its base.
func (c *checkout) topologyNodes(stack string) []any {
	c.t.Helper()
	settings := func(path string) map[string]any {
		text, err := os.ReadFile(path)
		require.NoError(c.t, err)
		var content struct {
			Config map[string]any `json:"config"`
		}
		require.NoError(c.t, yaml.Unmarshal(text, &content))
		return content.Config
	}
	own := settings(c.stackFile(stack))
	topology, _ := own["platform:topology"].(map[string]any)
	if topology == nil {
		topology = settings(filepath.Join(c.dir, own["platform:base"].(string)))["platform:topology"].(map[string]any)
	}
	return topology["nodes"].([]any)
}

func (c *checkout) restore(stack string, content []byte) {
	c.t.Helper()
	require.NoError(c.t, os.WriteFile(c.stackFile(stack), content, 0o644))
}

func (c *checkout) stackFile(stack string) string {
	return filepath.Join(c.dir, fmt.Sprintf("Pulumi.%s.yaml", stack))
}

// count reads a number of the engine's closing summary, such as "created".
func count(output, what string) int {
	found := regexp.MustCompile(`(?m)^\s+(?:[-+~]+ )?(\d+) (?:to )?` + what + `\b`).FindStringSubmatch(output)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1])
	return n
}
