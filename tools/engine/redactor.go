package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"syscall"

	"platform/config"
	"platform/policy/secret"
	"platform/policy/serve"
)

// redactor is the last that text goes through before it is printed: it leaves out
// what must not be shown. Each write is scanned for itself.
type redactor struct {
	out   io.Writer
	known *secret.Known
}

// Write writes a text without secrets. That nobody reads any more, at the other
// end of a pipe or of a terminal, is no error: the engine would end for it, in
// the middle of what it does.
func (r redactor) Write(text []byte) (int, error) {
	_, err := io.WriteString(r.out, r.known.Clean(string(text)))
	if err != nil && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.EIO) {
		return 0, err
	}
	return len(text), nil
}

// unredacted is where a session writes, for what draws on a terminal itself.
func (s *Session) unredacted() io.Writer {
	if r, is := s.out.(redactor); is {
		return r.out
	}
	return s.out
}

// lines passes text on by whole lines, which a command writes in any parts, once
// it is known what must not be in them.
type lines struct {
	out  io.Writer
	wait func() // until it is known
	half []byte
}

// echoed is the line of an error that says only that another one ended the run,
// and which the engine may write before that.
var echoed = regexp.MustCompile(`(?m)^\s*(?:\S+ )?error: failed to run policy: .*context canceled\s*?\n`)

// Write takes whatever part of the output.
func (l *lines) Write(text []byte) (int, error) {
	l.half = append(l.half, text...)
	end := bytes.LastIndexByte(l.half, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	whole := l.half[:end:end]
	l.half = l.half[end:]
	l.wait()
	_, err := l.out.Write(echoed.ReplaceAll(whole, nil))
	return len(text), err
}

// Close writes what has not ended in a line.
func (l *lines) Close() error {
	l.wait()
	_, err := l.out.Write(l.half)
	l.half = nil
	return err
}

// learning is the reading of the values that the stack's state holds, once in a
// session. Copies of a session share it.
type learning struct {
	once sync.Once
	done chan struct{}
	err  error
}

// learn begins to read the secret values of the state, beside a command whose
// output is scanned for them, and returns what waits for the end of that. A state
// that cannot be read gives a preview no values either.
func (s *Session) learn(ctx context.Context) func() error {
	if s.learned == nil {
		return func() error { return nil }
	}
	s.learned.once.Do(func() {
		s.learned.done = make(chan struct{})
		go func() {
			defer close(s.learned.done)
			if err := s.readState(ctx); err != nil {
				s.learned.err = fmt.Errorf("the secret values of the state of stack %s, which nothing may show, cannot be read: %w", s.Stack, err)
			}
		}()
	})
	return func() error {
		<-s.learned.done
		return s.learned.err
	}
}

// receiveSecrets adds to what is known what commands with the environment that it
// returns send to the policy pack: values that they have read again are in no
// state yet.
func (s *Session) receiveSecrets() (environment []string, done func(), err error) {
	if s.learned == nil {
		return nil, func() {}, nil
	}
	setting, done, err := serve.Listen(s.known)
	return []string{setting}, done, err
}

func (s *Session) readState(ctx context.Context) error {
	if s.own {
		if empty, err := s.empty(ctx); err != nil || empty {
			return err
		}
	}
	export, err := s.output(ctx, "stack", "export", "--show-secrets", "--stack", s.Stack)
	if err != nil {
		return err
	}
	values, err := secret.OfState(export)
	if err != nil {
		return errors.New("it is no JSON") // the decoder's words may quote a value
	}
	s.known.Add(values...)
	return nil
}

// scanned makes a session scan what it prints. Test values, and those that
// nobody knows yet, are in no state.
func (s *Session) scanned(known *secret.Known, out io.Writer) {
	if known == nil {
		known = secret.NewKnown(secret.OfEnvironment(os.Environ())...)
	}
	s.known, s.out = known, redactor{out, known}
	if source := s.Config.Shared().Secrets.Source; source != config.SourceFixed {
		s.learned = &learning{}
	}
}
