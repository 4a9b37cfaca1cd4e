package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Pulumi runs the CLI for the stack, with its output shown. On a terminal it
// draws and asks by itself, so its standard output is not ours to read.
//
// After a command that plans or does something, it says which Secrets change.
func (s *Session) Pulumi(ctx context.Context, args ...string) error {
	args, err := discreet(s.out, args)
	if err != nil {
		return err
	}
	events, err := newEventLog()
	if err != nil {
		return err
	}
	defer events.remove()
	known := s.learn(ctx)
	wait := func() { _ = known() } // of a state that cannot be read pulumi says why itself
	out, done, args := s.shown(args, events, wait)
	said := &lines{out: s.out, wait: wait}
	if logging[args[0]] {
		args = append(slices.Clone(args), "--event-log", events.path())
	}
	listening, stop, err := s.receiveSecrets()
	if err != nil {
		return err
	}
	defer stop()
	seen := &watch{out: said, hints: s.advice()}
	command := func() *CLI {
		cmd := s.Command(ctx, args...)
		cmd.Env = append(append(cmd.Env, debugCommands), listening...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, out, seen
		if logging[args[0]] {
			cmd.phase = events.phase
		}
		return cmd
	}
	var pid int
	if args[0] == "preview" {
		err = s.previewed(events, command)
	} else {
		cmd := command()
		err = cmd.Run()
		pid = cmd.pid()
	}
	ended := err
	if err = errors.Join(err, said.Close(), done()); err == nil {
		return s.tell(args, events)
	}
	switch {
	case !killed(ended):
	case ctx.Err() != nil && s.own && events.phase() == starting: // nothing was done
		err = errors.Join(err, s.release(pid))
	default:
		seen.hint = "it was killed: " + s.makeLine("recover") + " finds out what it was doing"
	}
	seen.look(events.errors()) // which the CLI writes where it draws
	return s.explain(ctx, args[0], err, events, seen.hint)
}

// advice is what to do about words that pulumi says when it fails.
func (s *Session) advice() []advice {
	return []advice{
		{"failed to load checkpoint", "its state cannot be read: " + s.makeLine("recover") + " takes the newest copy that is whole"},
		{"currently locked by", "if nobody else runs it, the last run was interrupted: " + s.makeLine("recover")},
		{"already exists", "the last run was perhaps interrupted, or somebody else made it: " + s.makeLine("recover") + " finds out"},
		{"PULUMI_ACCESS_TOKEN", "the state of this stack is in your team's backend: set PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN, or log in with pulumi login"},
		{"snapshot integrity failure", "its state refers to what is gone: " + s.makeLine("recover") + " repairs it"},
	}
}

// explain says why a command failed, with what to do, after it has taken into the
// state what an interrupted one was changing.
func (s *Session) explain(ctx context.Context, command string, err error, events *eventLog, hint string) error {
	interrupted := ctx.Err() != nil || events.interrupted()
	cause := events.cause()
	if interrupted {
		cause = "interrupted" // and the errors follow from that
	}
	if cause != "" {
		err = fmt.Errorf("%s (%w)", cause, err)
	}
	if interrupted && (command == "up" || command == "destroy") {
		err = errors.Join(err, s.reread(ctx, events))
	}
	if hint != "" {
		return fmt.Errorf("pulumi %s (stack %s): %w; %s", command, s.Stack, err, hint)
	}
	return fmt.Errorf("pulumi %s (stack %s): %w", command, s.Stack, err)
}

// debugCommands has the CLI take the flag for the log of events.
const debugCommands = "PULUMI_DEBUG_COMMANDS=true"

// logging are the commands that log what they plan or do, and planning those of
// which that is reported.
var (
	logging  = map[string]bool{"preview": true, "up": true, "destroy": true, "refresh": true}
	planning = map[string]bool{"preview": true, "up": true}
)

// tell says which Secrets change, unless a program reads the output, and of a
// preview whether up would refuse it.
func (s *Session) tell(args []string, events *eventLog) error {
	if !planning[args[0]] {
		return nil
	}
	steps, err := events.steps()
	if err != nil {
		return err
	}
	if !slices.Contains(args, "--json") {
		tellSecrets(s.out, steps)
	}
	if args[0] != "preview" {
		return nil
	}
	if s.last, err = s.read(events); err != nil {
		return err
	}
	return s.check(steps)
}

// shown is where the CLI writes for the arguments, and what to do after it. A
// diff is masked and folded, but for a command that asks on the terminal: that
// one draws, and has to have the terminal itself.
func (s *Session) shown(args []string, events *eventLog, wait func()) (io.Writer, func() error, []string) {
	asks := args[0] != "preview" && !slices.Contains(args, "--yes")
	whole := &lines{out: s.out, wait: wait}
	if slices.Contains(args, "--json") && !asks {
		m := &mask{out: whole, events: events, known: s.known, wait: wait}
		return m, func() error { return errors.Join(m.Close(), whole.Close()) }, args
	}
	if !slices.Contains(args, "--diff") || asks {
		if isTerminal(s.unredacted()) {
			return s.unredacted(), func() error { return nil }, args
		}
		return whole, whole.Close, args
	}
	if isTerminal(s.unredacted()) {
		args = append(slices.Clone(args), "--color", "always") // which a pipe would turn off
	}
	f := &fold{out: whole}
	m := &mask{out: f, events: events, known: s.known, wait: wait}
	return m, func() error { return errors.Join(m.Close(), f.Close(), whole.Close()) }, args
}

// Command is the CLI for the stack, not started.
func (s *Session) Command(ctx context.Context, args ...string) *CLI {
	args = append(slices.Clone(args), "--stack", s.Stack)
	if s.config != "" && slices.Contains([]string{"preview", "up", "refresh", "destroy"}, args[0]) {
		args = append(args, "--config-file", s.config)
	}
	cmd := newCLI(ctx, s.out, or(s.cli, s.tools.Pulumi()), args...)
	cmd.Dir, cmd.Env = s.project, slices.Clip(s.env)
	return cmd
}
