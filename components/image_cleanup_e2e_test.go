//go:build e2e

package components_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/node"
)

// onNode runs the container's command where chroot leads to a node whose
// crictl is the given script, and returns what was run, line by line.
func onNode(t *testing.T, crictl string) ([]string, error) {
	t.Helper()
	bin, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	for name, script := range map[string]string{
		"chroot": `echo "chroot $1" >>"$LOG"; shift; exec "$@"`,
		"crictl": `echo "crictl $*" >>"$LOG"; ` + crictl,
		"sleep":  `echo "sleep $*" >>"$LOG"`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	pod := run(t, registering("image-cleanup", node.NewImageCleanup, imageCleanupArgs())).pod(t, "CronJob")
	environ := []string{"LOG=" + log, "PATH=" + bin + ":" + os.Getenv("PATH")}
	_, err := execute(t, environ, command(t, dig(containers(pod)["image-cleanup"], "command"), nil)...)
	content, readErr := os.ReadFile(log)
	require.NoError(t, readErr)
	return strings.Split(strings.TrimSpace(string(content)), "\n"), err
}

func TestImageCleanupPrunes(t *testing.T) {
	done, err := onNode(t, "exit 0")
	require.NoError(t, err)
	assert.Equal(t, []string{
		"chroot /proc/1/root",
		"crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock rmi --prune",
		"sleep 30", // until the pods of all nodes are placed
	}, done)
}

func TestImageCleanupSaysThatItFailed(t *testing.T) {
	done, err := onNode(t, "exit 3")
	require.ErrorContains(t, err, "exit status 3")
	assert.NotContains(t, done, "sleep 30")
}
