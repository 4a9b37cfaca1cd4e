package config

import (
	"fmt"
	"slices"
	"strings"
)

// collector gathers errors. A key that could not be decoded has no value to
// check: later errors about it, or about what lies below it, are left out, so
// that one mistake is reported once.
type collector struct {
	stack    string
	problems Errors
	settled  []string

	file func(key string) string // that has a key; nil means the stack's

	elsewhere bool // some secret values are known to the engine alone
}

// add records an error. The remedy is an imperative to which the name of the
// stack's file is appended.
func (c *collector) add(key, remedy, why string, args ...any) {
	if c.isSettled(key) {
		return
	}
	c.problems = append(c.problems, Error{
		Key: key, Stack: c.stack,
		Why:    fmt.Sprintf(why, args...),
		Remedy: remedy + " in " + c.fileOf(key),
	})
}

// fileOf is the file in which a key is to be changed.
func (c *collector) fileOf(key string) string {
	if c.file == nil {
		return stackFile(c.stack)
	}
	return c.file(key)
}

// take adds what another collector of the same stack has found.
func (c *collector) take(other *collector) {
	c.problems, c.settled = append(c.problems, other.problems...), append(c.settled, other.settled...)
}

// isSettled reports whether a key has no value, for an error that is reported.
func (c *collector) isSettled(key string) bool {
	return slices.ContainsFunc(c.settled, func(settled string) bool { return within(settled, key) })
}

// settle records an error that leaves its key, and every key named beside it,
// without a value.
func (c *collector) settle(problem Error, beside ...string) {
	problem.Stack = c.stack
	c.problems = append(c.problems, problem)
	c.settled = append(append(c.settled, problem.Key), beside...)
}

// clean reports whether no error lies at or below any of the keys, nor at a key
// above them, so that a rule across keys may read them.
func (c *collector) clean(keys ...string) bool {
	for _, key := range keys {
		for _, problem := range c.problems {
			if within(key, problem.Key) || within(problem.Key, key) {
				return false
			}
		}
		for _, settled := range c.settled {
			if within(key, settled) || within(settled, key) {
				return false
			}
		}
	}
	return true
}

// within reports whether key is parent or lies below it.
func within(parent, key string) bool {
	rest, found := strings.CutPrefix(key, parent)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
