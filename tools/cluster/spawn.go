package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"platform/tools/toolchain"
)

// SpawnOptions describe the process that stays behind.
type SpawnOptions struct {
	Command []string // a program that calls [Run] with the same Dir
	Dir     string   // of the cluster
	Env     []string // added to this process's environment
}

// firstExtraFile is the descriptor of the first of a command's extra files.
const firstExtraFile = 3

// Spawn starts a command that runs a cluster, in a session of its own, and
// returns when the cluster is ready; the command then outlives this process.
// A cluster that is ready already is left as it is. On failure or when the
// context ends first, nothing is left running.
func Spawn(ctx context.Context, opts SpawnOptions) (State, error) {
	state, err := Status(opts.Dir)
	switch {
	case err != nil || state.Ready:
		return state, err
	case state.Running:
		return state, fmt.Errorf("spawn cluster: process %d is starting one in %s; wait for it or end it", state.PID, opts.Dir)
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return State{}, fmt.Errorf("spawn cluster: %w", err)
	}
	if err := spawn(ctx, opts, layout(dir)); err != nil {
		return State{}, fmt.Errorf("spawn cluster: %w", err)
	}
	return Status(dir)
}

func spawn(ctx context.Context, opts SpawnOptions, at layout) error {
	if len(opts.Command) == 0 {
		return errors.New("command: empty; name the program that runs the cluster")
	}
	log, err := createLog(at.daemonLog())
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own
	notice, say, err := os.Pipe()
	if err != nil {
		return err
	}
	defer notice.Close()
	cmd := exec.Command(opts.Command[0], opts.Command[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{say}
	cmd.Env = append(append(os.Environ(), opts.Env...), fmt.Sprintf("%s=%d", noticeVariable, firstExtraFile))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, say.Close())
	}
	if err := say.Close(); err != nil { // else its end would never show
		return errors.Join(err, cmd.Process.Kill())
	}
	return waitNotice(ctx, cmd, notice, at)
}

// waitNotice waits for the word of a spawned process. One that fails, or that
// nobody waits for any longer, is ended and shown by its log.
func waitNotice(ctx context.Context, cmd *exec.Cmd, notice io.Reader, at layout) error {
	words := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(notice) // broken off counts as silence
		words <- string(text)
	}()
	var cause error
	select {
	case word := <-words:
		if word == ready {
			return cmd.Process.Release()
		}
	case <-ctx.Done():
		cause = context.Cause(ctx)
		_ = cmd.Process.Signal(syscall.SIGTERM) // gone already is as good
	}
	cause = errors.Join(cause, cmd.Wait())
	return fmt.Errorf("%s: %w; its log %s ends with\n%s", strings.Join(cmd.Args, " "), cause, at.daemonLog(), toolchain.Tail(at.daemonLog()))
}
