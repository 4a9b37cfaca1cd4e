package main

import (
	"errors"
	"strings"

	"platform/tools/engine"
)

// status is an outcome that is not an error and has an exit code of its own, so that
// scripts can tell it from one.
type status struct {
	code  int
	what  string
	lines []string // the parts of what; nil where it is one
}

func (s status) Error() string { return s.what }

// exitRefused is the exit code of what would break a policy, or end what holds
// data or an address without a waiver.
const exitRefused = 2

// exitCode is that of an outcome: 1 for an error.
func exitCode(err error) (code int, problem bool) {
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

// annotation is what GitHub's workflow commands write in the place of letters
// that would end them.
var annotation = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")

// annotated is an outcome as lines that GitHub shows as errors of a run, where
// that is asked for.
func annotated(err error, asked bool) error {
	if err == nil || !asked {
		return err
	}
	outcome := status{code: 1, lines: []string{err.Error()}}
	if errors.As(err, &outcome) && outcome.lines == nil {
		outcome.lines = []string{outcome.what}
	}
	var said []string
	for _, line := range outcome.lines {
		said = append(said, "::error::"+annotation.Replace(line))
	}
	outcome.what = strings.Join(said, "\n")
	return outcome
}
