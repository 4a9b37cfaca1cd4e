//go:build e2e

package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// killsAndRecovers ends a deployment while the database is being made.
func killsAndRecovers(t *testing.T, c *checkout) {
	// The engine says that it creates something a moment before it records that.
	kill(t, c, "StatefulSet postgres creating", func() bool {
		text, err := os.ReadFile(c.checkpoint())
		_, pending, found := strings.Cut(string(text), "pending_operations")
		return err == nil && found && strings.Contains(pending, ":StatefulSet::postgres")
	})
	assert.Contains(t, c.refuse("up"), "make recover", "the way out")
	assert.Regexp(t, `[1-9]\d* creations were begun`, c.make("recover"))
	out := c.make("up")
	assert.NotContains(t, out, "already exists")
}

// recoversWithoutCheckpoints ends a deployment of a stack that is large enough
// to be recorded only at the end, so that its state knows of no object.
func recoversWithoutCheckpoints(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	defer c.restore("local", before)
	amounts, services := map[string]any{"cpu": "1m", "memory": "4Mi"}, map[string]any{}
	for i := range 20 {
		services[fmt.Sprintf("more-%02d", i)] = map[string]any{
			"image": "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", "port": 8080, "user": 101,
			"resources": map[string]any{"requests": amounts, "limits": amounts},
		}
	}
	c.edit("local", "platform:services", services)
	c.edit("local", "platform:quota.pods", 60)

	c.setenv(t, "PULUMI_SKIP_CHECKPOINTS", "true")
	kill(t, c, "batch/v1:Job backend-migrate creating", func() bool { return true })
	secrets := l.digests()
	require.NotEmpty(t, secrets, "they were made before")
	assert.Contains(t, c.refuse("up"), "make recover", "the way out")
	assert.Regexp(t, `objects of the cluster \([1-9]\d*\):`, c.make("recover"))
	assert.NotContains(t, c.make("recover"), "Taken into the state", "a second time there is nothing to do")
	out := c.make("up")
	assert.NotContains(t, out, "already exists")
	assert.Equal(t, secrets, l.digests(), "no value was made again")
	all := l.inventory()
	assert.Equal(t, slices.Compact(slices.Clone(all)), all, "nothing doubled")
	assert.Contains(t, all, "deployments/more-19")
	c.make("preview", "ARGS=--expect-no-changes")
}

// forgetsWhatIsStuck has a state with a Job that is both gone and to be deleted, as
// an earlier version of recover left it. The engine never removes such a one, and
// a down would end in a snapshot integrity failure.
func forgetsWhatIsStuck(t *testing.T, c *checkout) {
	text, err := os.ReadFile(c.checkpoint())
	require.NoError(t, err)
	var state map[string]any
	require.NoError(t, json.Unmarshal(text, &state))
	latest := state["checkpoint"].(map[string]any)["latest"].(map[string]any)
	resources := latest["resources"].([]any)
	i := slices.IndexFunc(resources, func(one any) bool {
		return strings.HasSuffix(one.(map[string]any)["urn"].(string), "::backend-migrate") && one.(map[string]any)["custom"] == true
	})
	require.NotEqual(t, -1, i)
	stuck := maps.Clone(resources[i].(map[string]any))
	stuck["delete"], stuck["pendingReplacement"], stuck["id"] = true, true, localNamespace+"/backend-migrate-of-before"
	latest["resources"] = slices.Insert(resources, i+1, any(stuck))
	text, err = json.Marshal(state)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(c.checkpoint(), text, 0o600))

	assert.Contains(t, c.make("recover"), "replaced resources that are gone (1)")
	left, err := c.unfinishedReplacements()
	require.NoError(t, err)
	require.Empty(t, left)
	c.make("up") // the step before may have left another image
	c.make("preview", "ARGS=--expect-no-changes")
}

// takesNothingOfOthers has a stack of the same name, with a state of its own, meet
// what another state has deployed.
func takesNothingOfOthers(t *testing.T, c *checkout, l live) {
	before := l.inventory()
	for _, target := range []string{"preview", "up"} {
		assert.Regexp(t, `the namespace co2-calculator-local belongs to deployment [0-9a-f]{12} of stack local of project platform.* so nothing was done`, c.refuse(target))
	}
	out := c.refuse("recover")
	assert.Regexp(t, `objects under names of this stack are not known to be its own \(\d\d\)`, out)
	assert.Contains(t, out, "StatefulSet co2-calculator-local/postgres belongs to deployment ")
	c.make("down")
	assert.Equal(t, before, l.inventory())
}

// findsWhatNoStateKnows loses a state, and deploys again without a loss.
func findsWhatNoStateKnows(t *testing.T, c *checkout, l live) {
	secrets, before, home := l.digests(), l.inventory(), c.home("platform-local")
	require.NoError(t, os.RemoveAll(filepath.Join(home, "state")))
	out := c.make("recover", "CONTEXT=platform-local")
	assert.Regexp(t, `objects of the cluster \(\d\d\):`, out)
	assert.Contains(t, out, "5 generated values stand in its Secrets, and are kept")
	c.make("up", "CONTEXT=platform-local")
	assert.Equal(t, secrets, l.digests(), "no value was made again")
	assert.Equal(t, before, l.inventory(), "nothing lost and nothing doubled")
	c.make("preview", "CONTEXT=platform-local", "ARGS=--expect-no-changes")
	require.NoError(t, filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for name, value := range l.secretValues() {
			assert.NotContains(t, string(text), value, "%s in %s", name, path)
		}
		return err
	}))
}

// kill ends make, platformctl, the engine, its providers and the program once
// an up says what is waited for and it is so, as a lost machine would.
func kill(t *testing.T, c *checkout, once string, so func() bool) {
	t.Helper()
	cmd, said := upUntil(t, c, once)
	require.Eventually(t, so, 10*time.Second, 5*time.Millisecond, said())
	killed := family(t, cmd.Process.Pid)
	assert.Greater(t, len(killed), 5, "make, platformctl, the engine, two providers, the program")
	for _, pid := range killed {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended with another
	}
	require.Error(t, cmd.Wait(), "it was killed")
	for _, pid := range killed {
		require.Eventually(t, func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }, 10*time.Second, 20*time.Millisecond)
	}
}

// upUntil starts an up, and returns it with what reads its output once that has
// some words. Who calls it ends it or waits for its end.
func upUntil(t *testing.T, c *checkout, words string) (*exec.Cmd, func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	t.Cleanup(cancel)
	cmd := c.command(ctx, "up")
	log, err := os.Create(filepath.Join(t.TempDir(), "up.log"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, log.Close()) })
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	said := func() string {
		text, err := os.ReadFile(log.Name())
		require.NoError(t, err)
		return string(text)
	}
	for ; !strings.Contains(said(), words); time.Sleep(20 * time.Millisecond) {
		require.NoError(t, ctx.Err(), "make up never said %q:\n%s", words, said())
		require.NoError(t, syscall.Kill(cmd.Process.Pid, 0), "make up ended:\n%s", said())
	}
	return cmd, said
}

// versions are the resource versions of a kind in the namespace, by name. They
// change with every write.
func (l live) versions(resource string) map[string]string {
	list, err := l.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: resource}).
		Namespace(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	versions := map[string]string{}
	for _, item := range list.Items {
		versions[item.GetName()] = item.GetResourceVersion()
	}
	return versions
}

// digests are hashes of the values of the namespace's Secrets, by name.
func (l live) digests() map[string]string {
	list, err := l.typed.CoreV1().Secrets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	digests := map[string]string{}
	for _, secret := range list.Items {
		text, err := json.Marshal(secret.Data)
		require.NoError(l.t, err)
		digests[secret.Name] = fmt.Sprintf("%x", sha256.Sum256(text))
	}
	return digests
}
