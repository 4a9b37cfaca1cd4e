package main

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/host"
)

// listening waits until something listens at an address.
func listening(t *testing.T, address string) {
	t.Helper()
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond)
}

// A file of three chunks is on three chunkservers, and comes back from any.
func TestFilesAreStoredAndReadBack(t *testing.T) {
	t.Setenv("GFS_JWT_SECRET", "secret")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	folder := t.TempDir()
	m, err := openMaster(folder)
	require.NoError(t, err)
	port := strconv.Itoa(host.FreePort(t))
	address := net.JoinHostPort("127.0.0.1", port)
	go func() { _ = serveCalls(ctx, port, func(net.Addr) {}, m.handle) }()
	listening(t, address)
	_, err = store(ctx, address, "none", []byte("x"))
	assert.ErrorContains(t, err, "no chunkserver reports")

	for _, id := range []string{"a", "b", "c"} {
		s, at := &chunkserver{folder: t.TempDir()}, strconv.Itoa(host.FreePort(t))
		go func() { _ = serveCalls(ctx, at, silentError, s.handle) }()
		here := net.JoinHostPort("127.0.0.1", at)
		listening(t, here)
		_, _, err := send(ctx, address, call{Op: "report", Server: holder{id, here, here}}, nil)
		require.NoError(t, err)
	}
	content := bytes.Repeat([]byte("0123456789abcdef"), (2*chunkSize+512)/16)
	chunks, err := store(ctx, address, "file", content)
	require.NoError(t, err)
	require.Len(t, chunks, 3)
	var back []byte
	for _, c := range chunks {
		require.Len(t, c.Holders, 3)
		for _, h := range c.Holders { // each of them has it
			part, err := fetch(ctx, chunk{c.ID, c.Size, []holder{h}})
			require.NoError(t, err)
			if h == c.Holders[0] {
				back = append(back, part...)
			}
		}
	}
	assert.True(t, bytes.Equal(content, back))
	assert.NotEqual(t, chunks[0].Holders[0], chunks[1].Holders[0], "the first copies are spread")

	again, err := openMaster(folder)
	require.NoError(t, err)
	assert.Equal(t, chunks, again.files["file"], "the log brings the files back")
	assert.FileExists(t, filepath.Join(folder, "wal.log"))
}

func TestGFSRefusesAnotherSecret(t *testing.T) {
	t.Setenv("GFS_JWT_SECRET", "one")
	foreign := token()
	t.Setenv("GFS_JWT_SECRET", "two")
	_, _, err := handleCall(t.Context(), nil, call{Op: "find", Token: foreign}, nil)
	assert.ErrorContains(t, err, "the token is not made with this secret")
}

// What a TCP probe does is told to whoever wants to log it.
func TestSilentConnection(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var silent atomic.Int32
	port := strconv.Itoa(host.FreePort(t))
	go func() { _ = serveCalls(ctx, port, func(net.Addr) { silent.Add(1) }, nil) }()
	listening(t, net.JoinHostPort("127.0.0.1", port))
	assert.Eventually(t, func() bool { return silent.Load() > 0 }, 20*time.Second, 20*time.Millisecond)
}
