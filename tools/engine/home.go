package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// StacksFolder is where embedded clusters and the states of this project's own
// are kept: PLATFORM_STACKS, or the folder stacks of the user's states.
func StacksFolder() (string, error) {
	if folder := os.Getenv("PLATFORM_STACKS"); folder != "" {
		return filepath.Abs(folder)
	}
	state, err := toolchain.StateFolder()
	if err != nil {
		return "", err
	}
	return filepath.Join(state, "stacks"), nil
}

// Folder is where everything of an embedded stack, or of a deployment to a
// context of the user's, is kept.
func Folder(opts Options) (string, error) {
	s, err := prepare(opts)
	if err != nil {
		return "", err
	}
	if !s.own {
		return "", fmt.Errorf("stack %s: its state is in your own backend; this project keeps those of embedded stacks, and of what is deployed with CONTEXT", s.Stack)
	}
	if err := s.findHome(); err != nil {
		return "", err
	}
	return s.home, nil
}

// lives sets where the stack's folder is.
func (s *Session) lives(home string) {
	s.home = home
	if s.own {
		s.project = filepath.Join(home, projectFolder)
	}
}

// What lies in a stack's folder, beside the cluster.
const (
	stateFolder     = "state"
	projectFolder   = "project"
	passphraseFile  = "passphrase"
	recoveredFolder = "recovered"
)

// findHome finds the stack's folder: in its place, or where an earlier version, or
// this checkout before it was moved, has left it. It makes nothing.
func (s *Session) findHome() error {
	s.lives(s.place)
	s.earlier, s.beside = nil, ""
	if !gone(s.place) {
		before, err := ownerOf(s.place)
		if err != nil || before == nil || s.owner.succeeds(*before) {
			return err
		}
		return fmt.Errorf("%s is the folder of %s, and here it would be that of %s; give it its own name back, or move it away", s.place, *before, s.owner)
	}
	old, err := earlierIn(s.earlierFolder())
	if err != nil {
		return err
	}
	if old.holds(s.owner) && old.free(s.owner) {
		s.earlier = old
		s.lives(old.folder)
		return nil
	}
	moved, err := s.moved()
	if err != nil {
		return err
	}
	if len(moved) == 1 {
		s.lives(slices.Collect(maps.Keys(moved))[0])
		return nil
	}
	return s.choose(moved, old)
}

// moved are the folders that this one may have been before the checkout was
// moved. One that names this checkout is it.
func (s *Session) moved() (map[string]owner, error) {
	found, err := ownersIn(s.stacks)
	if err != nil {
		return nil, err
	}
	for folder, before := range found {
		if before == s.owner {
			return map[string]owner{folder: before}, nil
		}
	}
	maps.DeleteFunc(found, func(_ string, before owner) bool { return !s.owner.succeeds(before) })
	return found, nil
}

// choose tells of folders that may be this one's, where none is for certain. An
// embedded cluster begins again then. What was deployed to another cluster is
// still there, and without its state nothing could be done with it.
func (s *Session) choose(moved map[string]owner, old *earlier) error {
	var words string
	switch {
	case len(moved) > 1:
		words = "it may be one of several checkouts that are gone, whose folders are there:"
		for _, folder := range slices.Sorted(maps.Keys(moved)) {
			words += fmt.Sprintf("\n  %s, of %s", folder, moved[folder].Checkout)
		}
	case old.holds(s.owner):
		words = fmt.Sprintf("an earlier version has kept it for all checkouts, and another has used it last:\n  %s, of %s", old.folder, old.checkout)
	case old.has(s.Stack) && s.instead != "" && old.contexts[s.Stack] != "":
		s.beside = fmt.Sprintf("stack %s: %s is of an earlier version and holds what is deployed to the context %s, not to %s; it stays there\n",
			s.Stack, old.folder, old.contexts[s.Stack], s.instead)
		return nil
	case old.has(s.Stack) && s.instead != "":
		words = fmt.Sprintf("an earlier version has kept it for a context that it does not name:\n  %s", old.folder)
	default:
		return nil
	}
	if s.cluster {
		s.beside = fmt.Sprintf("stack %s: this checkout, %s, begins again; %s\nWhoever wants to go on with one moves the checkout back to its path\n", s.Stack, s.owner.Checkout, words)
		return nil
	}
	return fmt.Errorf("stack %s with the context %q: nothing is kept of it for this checkout, %s, and what is deployed cannot be changed without its state; %s\nto go on with one: mv FOLDER %s\nto begin again: mkdir -p %s",
		s.Stack, s.instead, s.owner.Checkout, words, s.place, s.place)
}

// moveIn brings the stack's folder to its place, or makes it.
func (s *Session) moveIn(ctx context.Context) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.findHome(); err != nil {
		return err
	}
	fmt.Fprint(s.out, s.beside)
	if s.home != s.place {
		if err := s.move(ctx); err != nil {
			return fmt.Errorf("move %s to %s: %w", s.home, s.place, err)
		}
	}
	if s.earlier != nil {
		return nil
	}
	if err := s.owner.claim(s.home); err != nil {
		return fmt.Errorf("folder of stack %s: %w", s.Stack, err)
	}
	return nil
}

// lock keeps other processes from making or moving folders of stacks.
func (s *Session) lock(ctx context.Context) (unlock func(), err error) {
	return lockStacks(ctx, s.stacks, s.say)
}

func lockStacks(ctx context.Context, stacks string, say func(string, ...any)) (unlock func(), err error) {
	if err := os.MkdirAll(stacks, 0o700); err != nil {
		return nil, fmt.Errorf("states of stacks: %w; set XDG_STATE_HOME or PLATFORM_STACKS to a folder that can be written", err)
	}
	path := filepath.Join(stacks, ".lock")
	return toolchain.Lock(ctx, path, func() { say("another process prepares a stack; waiting for it (lock %s)\n", path) })
}

func (s *Session) say(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

// move moves the stack's folder, unless something is bound to where it is.
func (s *Session) move(ctx context.Context) error {
	from := s.home
	why, err := s.bound()
	if err != nil {
		return err
	}
	if why != "" {
		s.say("stack %s: its folder stays %s, for %s\n", s.Stack, from, why)
		return nil
	}
	if s.cluster { // its processes know files by their paths
		if err := cluster.Down(ctx, s.clusterDir()); err != nil {
			return err
		}
	}
	err = syscall.EXDEV
	if !s.earlier.shared(s.Stack) {
		err = os.Rename(from, s.place)
	}
	if errors.Is(err, syscall.EXDEV) && s.earlier != nil {
		err = inTurn(s.carry())
	}
	if err != nil {
		return err
	}
	if err := os.RemoveAll(s.halfway()); err != nil { // of a run that was killed
		return err
	}
	s.earlier = nil
	s.lives(s.place)
	s.say("stack %s: its folder was %s and is %s now\n", s.Stack, from, s.place)
	return nil
}

// halfway is where the folder is copied before it is whole.
func (s *Session) halfway() string { return s.place + ".copy" }

// bound is why the folder cannot be moved; empty where it can.
func (s *Session) bound() (string, error) {
	locks, err := s.locks()
	if err != nil {
		return "", err
	}
	if len(locks) > 0 {
		return "a run of pulumi has locked the state in it; " + s.makeLine("recover") + " takes the lock of one that was killed", nil
	}
	if !s.cluster {
		return "", nil
	}
	state, err := cluster.Status(s.clusterDir())
	switch {
	case err != nil:
		return "", err
	case state.Nodes == cluster.Real:
		return "real nodes do not move; " + s.makeLine("cluster-down") + " deletes them", nil
	case state.Running && !state.Ready:
		return "its cluster is being started", nil
	case s.earlier.shared(s.Stack):
		return "another stack's state is in it, too; after " + s.makeLine("cluster-down") + " it gets its own", nil
	}
	if err := tryMove(filepath.Dir(s.home), s.stacks); errors.Is(err, syscall.EXDEV) {
		return "it is on another file system; after " + s.makeLine("cluster-down") + " it gets its place", nil
	}
	return "", nil
}

// tryMove moves an empty file from one folder to another.
func tryMove(from, to string) error {
	file, err := os.CreateTemp(from, ".move-")
	if err != nil {
		return err
	}
	moved := filepath.Join(to, filepath.Base(file.Name()))
	defer func() { _, _ = os.Remove(file.Name()), os.Remove(moved) }() // one of them is there
	return errors.Join(file.Close(), os.Rename(file.Name(), moved))
}
