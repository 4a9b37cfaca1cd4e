package engine

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// Clean ends the embedded clusters of a checkout, or all of this user's, and
// deletes them with the states of their stacks. It names those of other
// checkouts, which stay. What was deployed to clusters of the user's own stays
// with its state.
func Clean(ctx context.Context, opts Options, all bool) error {
	root, err := toolchain.Root(or(opts.Root, "."))
	if err != nil {
		return err
	}
	stacks, earlier, err := stacksOf(opts)
	if err != nil {
		return err
	}
	c := cleaning{checkout: root, all: all, out: opts.Out}
	if c.out == nil {
		c.out = io.Discard
	}
	if !gone(stacks) {
		unlock, err := lockStacks(ctx, stacks, func(format string, args ...any) { fmt.Fprintf(c.out, format, args...) })
		if err != nil {
			return err
		}
		defer unlock()
		if err := c.clean(ctx, stacks); err != nil {
			return err
		}
	}
	if err := c.cleanEarlier(ctx, earlier); err != nil {
		return err
	}
	if c.others != nil {
		fmt.Fprintf(c.out, "embedded clusters of other checkouts stay; bin/platformctl clean --all deletes them, too:\n")
		for _, line := range c.others {
			fmt.Fprintf(c.out, "  %s\n", line)
		}
	}
	return nil
}

// cleaning is one run of [Clean].
type cleaning struct {
	checkout string
	all      bool
	out      io.Writer
	others   []string // what stays, for the user
}

// stays reports whether a folder is another checkout's, and notes it.
func (c *cleaning) stays(stack, checkout, folder string) bool {
	if c.all || checkout == "" || sameFolder(c.checkout, checkout) {
		return false
	}
	line := fmt.Sprintf("%s of %s, in %s", stack, checkout, folder)
	if gone(checkout) {
		line = fmt.Sprintf("%s of %s, which is gone, in %s", stack, checkout, folder)
	}
	c.others = append(c.others, line)
	return true
}

func (c *cleaning) clean(ctx context.Context, stacks string) error {
	folders, err := ownersIn(stacks)
	if err != nil {
		return err
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		of := folders[folder]
		if !of.Embedded || c.stays(of.Stack, of.Checkout, folder) {
			continue
		}
		if err := removeEmbedded(ctx, folder); err != nil {
			return err
		}
	}
	return nil
}

// cleanEarlier cleans what earlier versions have kept.
func (c *cleaning) cleanEarlier(ctx context.Context, stacks string) error {
	folders, err := filepath.Glob(filepath.Join(stacks, "*"))
	if err != nil {
		return err
	}
	for _, folder := range folders {
		old, err := earlierIn(folder)
		if err != nil {
			return err
		}
		if old == nil || !old.cluster || c.stays(filepath.Base(folder), old.checkout, folder) {
			continue
		}
		if err := old.remove(ctx); err != nil {
			return err
		}
	}
	return nil
}

// remove ends the embedded cluster of the folder and deletes it with the state
// of its stack, whose name the folder has.
func (e *earlier) remove(ctx context.Context) error {
	if err := cluster.Remove(ctx, filepath.Join(e.folder, clusterFolder)); err != nil {
		return err
	}
	stack := filepath.Base(e.folder)
	if on := e.contexts[stack]; on != "" && on != EmbeddedContext(stack) {
		return nil // deployed to another cluster
	}
	e.cluster = false
	return e.forget(stack)
}
