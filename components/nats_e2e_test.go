//go:build e2e

package components_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestNATSAcceptsItsConfiguration(t *testing.T) {
	for kind, args := range map[string]int{"Deployment": 1, "StatefulSet": 3} {
		valid := natsArgs()
		valid.Replicas = args
		for _, server := range newNATS(t, valid, kind) {
			write(t, server.folder, map[string]string{"config/nats.conf": server.words(t, []any{server.conf})[0]})
			environ := resolved(t, server.container, nil, map[string]string{"POD_NAME": server.pod})
			output, err := execute(t, environ, append(append([]string{natsProgram(t)}, server.words(t, dig(server.container, "args"))...), "-t")...)
			require.NoError(t, err, output)
			assert.Contains(t, output, "is valid")
		}
	}
}

func TestNATSHoldsItsLimits(t *testing.T) {
	args := natsArgs()
	args.MemoryMiB, args.FileMiB = 32, 64
	server := newNATS(t, args, "Deployment")[0]
	server.start(t)
	server.awaitReady(t)
	var state struct {
		Config struct {
			Memory  int64  `json:"max_memory"`
			Storage int64  `json:"max_storage"`
			Folder  string `json:"store_dir"`
		}
	}
	require.NoError(t, server.get("/jsz?config=true", &state))
	assert.EqualValues(t, 32<<20, state.Config.Memory)
	assert.EqualValues(t, 64<<20, state.Config.Storage)
	assert.Equal(t, filepath.Join(server.folder, "data", "jetstream"), state.Config.Folder)
	assert.Contains(t, server.newStream(t, "TOOLARGE", 1, 64<<20+1), "insufficient storage")
	assert.Empty(t, server.newStream(t, "FITTING", 1, 64<<20))
}

func TestNATSFindsItsStreamsAfterACrash(t *testing.T) {
	server := newNATS(t, natsArgs(), "Deployment")[0]
	server.start(t)
	server.awaitReady(t)
	require.Empty(t, server.newStream(t, "AUTH", 1, -1))
	require.Equal(t, 1, server.request(t, "auth.login", "somebody").Seq)
	server.kill(t)
	assert.False(t, server.probe("livenessProbe"))
	server.start(t)
	server.awaitReady(t)
	assert.Equal(t, 1, server.messages(t, "AUTH"))
}

// The kubelet runs the hook and sends SIGTERM as soon as it has ended.
func TestNATSSendsItsClientsAway(t *testing.T) {
	server := newNATS(t, natsArgs(), "Deployment")[0]
	server.start(t)
	server.awaitReady(t)
	require.Empty(t, server.newStream(t, "AUTH", 1, -1))
	client := server.connect(t)
	begin := time.Now()
	hook := server.words(t, dig(server.container, "lifecycle", "preStop", "exec", "command"))
	output, err := execute(t, os.Environ(), append([]string{natsProgram(t)}, hook[1:]...)...)
	require.NoError(t, err, output)
	require.NoError(t, server.program.Process.Signal(syscall.SIGTERM))

	for info := (struct {
		LameDuck bool `json:"ldm"`
	}{}); !info.LameDuck; { // clients are told
		require.NoError(t, json.Unmarshal([]byte(client.await(t, "INFO")), &info))
	}
	_, err = client.Write([]byte("PING\r\n"))
	require.NoError(t, err)
	client.await(t, "PONG")
	for err == nil {
		_, err = client.lines.ReadString('\n')
	}
	told := time.Since(begin)
	assert.Greater(t, told, 4*time.Second, "not cut off by SIGTERM")
	assert.Less(t, told, natsArgs().LameDuck)
	require.NoError(t, server.program.Wait())
	grace := dig(run(t, starting("nats", components.NewNATS, natsArgs())).pod(t, "Deployment"), "spec", "terminationGracePeriodSeconds").(float64)
	assert.Less(t, time.Since(begin).Seconds(), grace, "not killed")

	server.start(t)
	server.awaitReady(t)
	assert.Equal(t, 0, server.messages(t, "AUTH"))
	assert.Equal(t, 1, server.request(t, "auth.login", "somebody").Seq, "the stream is there again")
}
