//go:build e2e

// Package e2e deploys the stacks local and k3s-local as their users do: by make, with the real
// engine and providers, on the embedded cluster.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
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
	t.Cleanup(func() {
		out, err := c.try("clean")
		if err != nil {
			t.Errorf("make clean: %v\n%s", err, out)
		}
	})
	return c
}

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

// command runs make in a process group of its own, which can be killed whole.
func (c *checkout) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "make", append([]string{"--no-print-directory"}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "PLATFORM_STACKS="+c.stacks, "STACK="+c.stack, "NODES="+c.nodes)
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
	var content struct {
		Config map[string]any `json:"config"`
	}
	require.NoError(c.t, yaml.Unmarshal(before, &content))
	topology := content.Config["platform:topology"].(map[string]any)
	var kept []any
	for _, one := range topology["nodes"].([]any) {
		if one.(map[string]any)["name"] != node {
			kept = append(kept, one)
		}
	}
	require.Less(c.t, len(kept), len(topology["nodes"].([]any)), "node %s is there", node)
	c.edit(stack, "platform:topology.nodes", kept)
	return before
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
