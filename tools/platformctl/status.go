package main

import "errors"

// status is an outcome that is no fault and has an exit code of its own, so that
// scripts can tell it from one.
type status struct {
	code int
	what string
}

func (s status) Error() string { return s.what }

// exitCode is that of an outcome: 1 for a fault.
func exitCode(err error) (code int, fault bool) {
	var outcome status
	if errors.As(err, &outcome) {
		return outcome.code, false
	}
	return 1, true
}
