package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Recording is a preview as the engine logged it, with the values of secrets
// masked. One that failed is a recording, too.
type Recording struct {
	Took     time.Duration
	Failure  string            // what pulumi said at the end where it failed; empty where it did not
	Versions map[string]string // of pulumi

	log *eventLog
}

// Events is the engine's log: JSON documents, one after the other. It is empty
// where the engine never began.
func (r *Recording) Events() (io.ReadCloser, error) {
	file, err := os.Open(r.log.path())
	if errors.Is(err, fs.ErrNotExist) {
		return io.NopCloser(&bytes.Reader{}), nil
	}
	return file, err
}

// Close removes the log.
func (r *Recording) Close() { r.log.remove() }

// Compare records what the program of the checkout changes about a stack as the
// program in the folder base makes it. No cluster and no source of secrets is
// asked: the engine deploys the one program as manifests, and previews the
// other on the state of that. A stack that base does not have is new.
func Compare(ctx context.Context, opts Options, base string) (*Recording, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	o, err := s.offline(ctx)
	if err != nil {
		return nil, err
	}
	defer o.close()
	switch _, err := os.Stat(filepath.Join(base, stackFile(s.Stack))); {
	case err == nil:
		if err := o.deploy(ctx, base, false); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if err := o.enter(ctx, s.root); err != nil {
		return nil, err
	}
	return o.Record(ctx)
}

// Record is a preview whose events are kept. Arguments are pulumi's.
func (s *Session) Record(ctx context.Context, args ...string) (*Recording, error) {
	policed, err := s.policed(ctx, args)
	if err != nil {
		return nil, err
	}
	return s.record(ctx, slices.Concat([]string{"preview", "--parallel", parallel, "--skip-plugin-pre-install"}, policed))
}

// RecordDrift is what the cluster has otherwise than the state: the program
// does not run for it, and nothing is written.
func (s *Session) RecordDrift(ctx context.Context) (*Recording, error) {
	return s.record(ctx, []string{"refresh", "--preview-only", "--parallel", parallel})
}

// lastLines is how many lines of what pulumi said are told where it failed: the
// error itself is at the end.
const lastLines = 20

func (s *Session) record(ctx context.Context, args []string) (*Recording, error) {
	events, err := newEventLog()
	if err != nil {
		return nil, err
	}
	known := s.learn(ctx)
	var said bytes.Buffer
	listening, stop, err := s.receiveSecrets()
	if err != nil {
		return nil, err
	}
	defer stop()
	begun := time.Now()
	err = s.previewed(events, func() *CLI {
		cmd := s.Command(ctx, slices.Concat(args, []string{"--event-log", events.path()})...)
		cmd.Env = append(append(cmd.Env, debugCommands), listening...)
		cmd.Stdout, cmd.Stderr = &said, &said
		return cmd
	})
	r := &Recording{Took: time.Since(begun), log: events, Versions: map[string]string{"pulumi": s.tools.Version()}}
	if ctx.Err() != nil {
		r.Close()
		return nil, ctx.Err()
	}
	if problem := known(); problem != nil && err == nil {
		r.Close()
		return nil, problem
	}
	if err != nil {
		lines := bytes.Split(bytes.TrimSpace(said.Bytes()), []byte("\n"))
		r.Failure = fmt.Sprintf("pulumi %s: %v\n%s", args[0], err, bytes.Join(lines[max(0, len(lines)-lastLines):], []byte("\n")))
		r.Failure = s.known.Clean(r.Failure)
	}
	return r, nil
}
