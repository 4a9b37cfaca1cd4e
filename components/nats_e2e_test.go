//go:build e2e

package components_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/nats"
	"platform/config"
	"platform/tests/host"
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
	args.MemoryMiB, args.FileMiB, args.Streams[0].ReservedMiB = 32, 64, 16
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

// A single server ends at SIGTERM, well before it would be killed, and has its
// streams again.
func TestNATSAloneEndsAtOnce(t *testing.T) {
	server := newNATS(t, natsArgs(), "Deployment")[0]
	server.start(t)
	server.awaitReady(t)
	require.Empty(t, server.newStream(t, "AUTH", 1, -1))
	require.Equal(t, 1, server.request(t, "auth.login", "somebody").Seq)
	begin := time.Now()
	require.NoError(t, server.program.Process.Signal(syscall.SIGTERM))
	_ = server.program.Wait() // it ends with a status of its own
	assert.Less(t, time.Since(begin), 7*time.Second)
	server.start(t)
	server.awaitReady(t)
	assert.Equal(t, 1, server.messages(t, "AUTH"), "the stream is there again")
}

// The Job's script speaks to a real server with nothing but a shell and nc: it
// makes what is missing, leaves alone what is there, and says what does not fit.
func TestNATSStreamsAreMadeByAShell(t *testing.T) {
	args := natsArgs()
	args.FileMiB, args.Streams[0].ReservedMiB = 64, 16
	args.Streams = append(args.Streams, config.Stream{Name: "LOGS", Subjects: []string{"log.>"}, Retention: time.Hour, ReservedMiB: 16})
	server := newNATS(t, args, "Deployment")[0]
	server.start(t)
	server.awaitReady(t)
	require.Empty(t, server.newStream(t, "AUTH", 1, -1))
	resources := run(t, registering("nats", nats.New, args))
	run := func(lines string) (string, error) {
		return makeStreams(t, resources, lines, strconv.Itoa(server.ports["client"]))
	}
	lines := dig(resources.one(t, "ConfigMap", "nats-streams").Inputs, "data", "streams").(string)
	output, err := run(lines)
	require.NoError(t, err, output)
	assert.Equal(t, "stream AUTH is there\nstream LOGS is made\n", output)
	output, err = run(lines)
	require.NoError(t, err, output)
	assert.Equal(t, "stream AUTH is there\nstream LOGS is there\n", output)
	output, err = run(`BIG {"name":"BIG","subjects":["big.>"],"storage":"file","max_bytes":1073741824}` + "\n")
	require.Error(t, err)
	assert.Contains(t, output, "insufficient storage")
}

// A server that takes a connection and says nothing is given up.
func TestNATSStreamsDoNotWaitForSilence(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	_, port, err := net.SplitHostPort(silent.Addr().String())
	require.NoError(t, err)
	output, err := makeStreams(t, run(t, registering("nats", nats.New, natsArgs())), "AUTH {}\n", port, "PATIENCE=1")
	require.Error(t, err)
	assert.Contains(t, output, "did not answer in time")
}

// makeStreams runs the Job's script with the shell, the nc and the timeout that
// the server's image has, and returns what it says. It fails after a minute.
func makeStreams(t *testing.T, resources record, lines, port string, environ ...string) (string, error) {
	t.Helper()
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		host.Lacks(t, "busybox is not installed; tools/servers/install servers installs it")
	}
	folder := t.TempDir()
	write(t, folder, map[string]string{"streams": lines})
	for _, program := range []string{"nc", "timeout"} {
		require.NoError(t, os.Symlink(busybox, filepath.Join(folder, program)))
	}
	script := dig(containers(resources.pod(t, "Job"))["nats-streams"], "command").([]any)[2].(string)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, busybox, "sh", "-c", script)
	program.Env = append(append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "TMPDIR="+folder,
		"STREAMS="+filepath.Join(folder, "streams"), "NATS_HOST=127.0.0.1", "NATS_PORT="+port), environ...)
	program.WaitDelay = time.Second
	output, err := program.CombinedOutput()
	require.NoError(t, ctx.Err(), "it ends by itself")
	return string(output), err
}
