package config

import (
	"fmt"
	"slices"
	"strings"
)

// collector gathers faults. A key that could not be decoded has no value to
// judge: later faults about it, or about what lies below it, are left out, so
// that one mistake is told once.
type collector struct {
	stack   string
	faults  Faults
	settled []string

	file func(key string) string // that has a key; nil means the stack's

	elsewhere bool // some secret values are known to the engine alone
}

// add records a fault. The remedy is an imperative to which the name of the
// stack's file is appended.
func (c *collector) add(key, remedy, why string, args ...any) {
	if c.isSettled(key) {
		return
	}
	c.faults = append(c.faults, Fault{
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
	c.faults, c.settled = append(c.faults, other.faults...), append(c.settled, other.settled...)
}

// isSettled tells whether a key has no value, for a fault that is told.
func (c *collector) isSettled(key string) bool {
	return slices.ContainsFunc(c.settled, func(settled string) bool { return within(settled, key) })
}

// settle records a fault that leaves its key, and every key named beside it,
// without a value.
func (c *collector) settle(fault Fault, beside ...string) {
	fault.Stack = c.stack
	c.faults = append(c.faults, fault)
	c.settled = append(append(c.settled, fault.Key), beside...)
}

// clean tells whether no fault lies at or below any of the keys, nor at a key
// above them, so that a rule across keys may read them.
func (c *collector) clean(keys ...string) bool {
	for _, key := range keys {
		for _, fault := range c.faults {
			if within(key, fault.Key) || within(fault.Key, key) {
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

// within tells whether key is parent or lies below it.
func within(parent, key string) bool {
	rest, found := strings.CutPrefix(key, parent)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
