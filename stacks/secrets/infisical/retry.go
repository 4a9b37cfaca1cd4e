package infisical

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pace is how attempts at one request follow each other.
type pace struct {
	first    time.Duration // wait after the first attempt; each further one is twice as long, give or take half
	longest  time.Duration // wait
	attempts uint          // in all
}

// patience waits 0.5, 1, 2, 4 and 8 seconds, in all about as long as a server
// takes to start again.
var patience = pace{first: 500 * time.Millisecond, longest: 8 * time.Second, attempts: 6}

// waits are those between attempts. They are scattered, so that lists beside
// each other do not come back together.
func (p pace) waits() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: p.first, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: p.longest}
}

// retry runs one request until it succeeds, until its failure will not pass, or
// until attempts or time run out. A wait that the server asks for is kept if
// time is left for it; if not, the failure is reported at once.
func retry(ctx context.Context, pace pace, once func() *failure) *failure {
	deadline, _ := ctx.Deadline()
	var last *failure
	attempts := 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		attempts++
		failed := once()
		if failed == nil {
			return struct{}{}, nil
		}
		if last == nil || failed.kind != spent { // what went wrong before says more than the time
			last = failed
		}
		switch {
		case !failed.passing():
			return struct{}{}, backoff.Permanent(failed)
		case failed.wait > 0:
			failed.late = failed.wait > time.Until(deadline)
			return struct{}{}, errors.Join(failed, &backoff.RetryAfterError{Duration: failed.wait})
		}
		return struct{}{}, failed
	},
		backoff.WithBackOff(pace.waits()),
		backoff.WithMaxTries(pace.attempts),
		backoff.WithMaxElapsedTime(time.Until(deadline)))
	if err == nil {
		return nil
	}
	if last == nil {
		last = &failure{kind: spent}
	}
	last.attempts = attempts
	return last
}
