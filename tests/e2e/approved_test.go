//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestApproved deploys plans that were made before, as CI does after somebody
// has approved them.
func TestApproved(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "local")
	c.commit()
	l := connect(t, startCluster(t, c), localNamespace)
	before, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	plan := filepath.Join(t.TempDir(), "plan.json")
	planned := func(t *testing.T) {
		t.Helper()
		out, code := c.ctl("review", "--view", "cluster", "--out", plan)
		require.Zero(t, code, out)
	}
	refuses := func(t *testing.T, want ...string) {
		t.Helper()
		generations := specGenerations(l)
		out := c.refuse("up", "PLAN="+plan, "ARGS=--yes")
		for _, text := range append(want, "stack local", "so nothing was done", "a new run of the workflow") {
			assert.Contains(t, out, text)
		}
		assert.Equal(t, generations, specGenerations(l))
	}
	t.Run("the first deployment, otherwise than planned", func(t *testing.T) {
		planned(t)
		c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
		refuses(t, "other: create Deployment co2-calculator-local/frontend: spec.template.spec.containers[0].image")
		c.restore("local", before)
	})
	t.Run("the first deployment", func(*testing.T) {
		c.make("up", "PLAN="+plan, "ARGS=--yes")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("done already", func(t *testing.T) { refuses(t, "gone: create Deployment co2-calculator-local/frontend") })
	t.Run("the program changes more", func(t *testing.T) {
		c.edit("local", "platform:backend.image", images+"backend:v1.1.0")
		planned(t)
		c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
		refuses(t, "  new: update Deployment co2-calculator-local/frontend\n")
		c.edit("local", "platform:frontend.image", images+"frontend:v1.0.0")
		c.edit("local", "platform:backend.image", images+"backend:v1.2.0")
		refuses(t, "other: update Deployment co2-calculator-local/backend: ", "spec.template.spec.containers[0].image")
	})
	c.edit("local", "platform:backend.image", images+"backend:v1.1.0")
	if everyCase {
		t.Run("the state changes", func(t *testing.T) {
			l.scale("frontend", 1)
			c.make("refresh")
			refuses(t, "  new: update Deployment co2-calculator-local/frontend\n")
			l.scale("frontend", 2)
			c.make("refresh")
		})
	}
	t.Run("as planned", func(*testing.T) {
		c.make("up", "PLAN="+plan, "ARGS=--yes") // a migration is replaced, and Deployments are updated
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("a rotated secret", func(t *testing.T) {
		planned(t)
		refused := c.refuse("up", "PLAN="+plan, "ARGS=--yes --replace urn:pulumi:local::platform::random:index/randomPassword:RandomPassword::backend-secrets-SECRET_KEY")
		assert.Contains(t, refused, "new: replace random:index/randomPassword:RandomPassword backend-secrets-SECRET_KEY")
	})
	t.Run("a plan of another stack", func(t *testing.T) {
		out := c.refuse("up", "STACK=k3s-local", "PLAN="+plan)
		assert.Contains(t, out, "says nothing of what a deployment of stack k3s-local does")
	})
}

// changesWhileAsked answers the question of up after the stack file has changed.
func changesWhileAsked(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile(c.stack))
	require.NoError(t, err)
	defer c.restore(c.stack, before)
	c.edit(c.stack, "platform:backend.logLevel", "WARNING")
	generations := specGenerations(l)
	out, err := c.answer(t, func() { c.edit(c.stack, "platform:frontend.replicas", 4) })
	require.Error(t, err, out)
	for _, want := range []string{"what would be done now is not what was checked, so nothing was done", "new: update Deployment " + l.namespace + "/frontend", "read the new preview"} {
		assert.Contains(t, out, want)
	}
	assert.Equal(t, generations, specGenerations(l))
	if !everyCase {
		return
	}
	c.restore(c.stack, before)
	c.edit(c.stack, "platform:backend.logLevel", "WARNING")
	out, err = c.answer(t, func() {})
	require.NoError(t, err, out)
	c.make("preview", "ARGS=--expect-no-changes")
	c.restore(c.stack, before)
	c.make("up", "ARGS=--yes")
}

// answer runs up on a terminal, does something while the question stands, and
// then consents.
func (c *checkout) answer(t *testing.T, meanwhile func()) (string, error) {
	t.Helper()
	return c.converse(t, "up", turn{"Type its name to go on", func() string { meanwhile(); return c.stack }})
}

// turn is a question, and what gives the answer.
type turn struct {
	question string
	answer   func() string
}

// converse runs a command on a terminal and answers its questions.
func (c *checkout) converse(t *testing.T, command string, turns ...turn) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "script", "--quiet", "--return", "--flush", "--command", "bin/platformctl --stack "+c.stack+" "+command, "/dev/null")
	cmd.Dir = c.dir
	cmd.Env = c.environ()
	out := &shared{}
	cmd.Stdout, cmd.Stderr = out, out
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	for _, turn := range turns {
		require.Eventually(t, func() bool { return strings.Contains(out.String(), turn.question) }, commandTimeout, 100*time.Millisecond, "%s", turn.question)
		_, err = in.Write([]byte(turn.answer() + "\n"))
		require.NoError(t, err)
	}
	err = cmd.Wait()
	c.output.WriteString(out.String())
	return out.String(), err
}

// shared is a buffer that is read while it is written.
type shared struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write adds to the text.
func (s *shared) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.Write(text)
}

// String is the text so far.
func (s *shared) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}
