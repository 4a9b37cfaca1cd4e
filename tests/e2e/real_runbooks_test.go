//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/toolchain"
)

// runbooksAnswer has each command that docs/runbooks.md gives for a diagnosis
// answer: its objects are there, and its flags and questions are understood.
func runbooksAnswer(t *testing.T, r *real) {
	text, err := os.ReadFile("../../docs/runbooks.md")
	require.NoError(t, err)
	tools, err := toolchain.Ensure(t.Context(), toolchain.Options{Root: r.dir, Tools: toolchain.Cluster})
	require.NoError(t, err)
	environ := append(os.Environ(),
		"KUBECONFIG="+filepath.Join(r.clusterDir(), "kubeconfig"),
		"PATH="+filepath.Dir(tools.Kubectl())+string(os.PathListSeparator)+os.Getenv("PATH"))
	node := r.podsOf(t, "backend")[0].Spec.NodeName
	total := 0
	for _, block := range strings.Split(string(text), "```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		before := ""
		for line := range strings.Lines(strings.ReplaceAll(block, "NODE", node)) {
			line = strings.ReplaceAll(line, " --previous", "") // a container that was started once has no log from before
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "NS="):
				continue
			case strings.HasSuffix(line, "&"): // what goes on beside the lines after it
				before = line + "\ntrap 'kill %1' EXIT; sleep 3\n"
				continue
			}
			total++
			// A filter that finds nothing is an answer.
			script := fmt.Sprintf("NS=%s\n%s%s\nexit ${PIPESTATUS[0]}", localNamespace, before, line)
			ctx, cancel := context.WithTimeout(t.Context(), realPatience)
			cmd := exec.CommandContext(ctx, "bash", "-c", script)
			cmd.Env = environ
			out, err := cmd.CombinedOutput()
			cancel()
			assert.NoError(t, err, "%s\n%s", line, out)
		}
	}
	assert.Greater(t, total, 30)
}
