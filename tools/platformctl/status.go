package main

import (
	"errors"

	"platform/tools/engine"
)

// status is an outcome that is no fault and has an exit code of its own, so that
// scripts can tell it from one.
type status struct {
	code int
	what string
}

func (s status) Error() string { return s.what }

// exitRefused is the exit code of what would break a policy, or end what holds
// data or an address without a waiver.
const exitRefused = 2

// exitCode is that of an outcome: 1 for a fault.
func exitCode(err error) (code int, fault bool) {
	if errors.As(err, new(engine.Refusal)) {
		return exitRefused, true
	}
	var outcome status
	if errors.As(err, &outcome) {
		return outcome.code, false
	}
	var ended engine.Exit // of a program that has said itself what is wrong
	if errors.As(err, &ended) {
		return ended.Code, false
	}
	return 1, true
}
