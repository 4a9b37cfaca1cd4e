package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/go-github/v89/github"
)

// action is what a request is for.
type action struct {
	name string // such as edit the comment
	once bool   // a second one would do it twice: it is not repeated where nobody knows whether the first did it
	on   bool   // one entry, which may be gone
}

// pace is how attempts follow each other.
type pace struct {
	first    time.Duration // after the first attempt; each further wait is twice as long, give or take half
	longest  time.Duration
	attempts uint // in all
}

// patience waits about 0.5, 1, 2 and 4 seconds.
var patience = pace{first: 500 * time.Millisecond, longest: 8 * time.Second, attempts: 5}

func (p pace) waits() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: p.first, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: p.longest}
}

// pause waits, unless the context ends first.
type pause func(context.Context, time.Duration) error

func sleep(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// call makes a request until it succeeds, until its failure will not pass, or
// until attempts or time run out. Pauses that GitHub asks for are kept, or the
// failure is told at once.
func (c *client) call(ctx context.Context, a action, once func(context.Context) (*github.Response, error)) *failure {
	waits := c.options.pace.waits()
	for attempt := uint(1); ; attempt++ {
		response, err := once(ctx)
		if err == nil {
			return nil
		}
		f := c.judge(ctx, a, response, err)
		f.attempts = attempt
		if !f.passing() || a.once && f.lost || attempt >= c.options.pace.attempts {
			return f
		}
		wait := waits.NextBackOff()
		if f.kind == limited {
			wait = f.wait
		}
		if late := c.rest(ctx, f, wait); late != nil {
			return late
		}
	}
}

// again waits before a creation whose answer was lost is looked for.
func (c *client) again(ctx context.Context, f *failure, times uint) *failure {
	f.attempts = times
	if !f.passing() || times >= c.options.pace.attempts {
		return f
	}
	waits := c.options.pace.waits()
	wait := waits.NextBackOff()
	for range times - 1 {
		wait = waits.NextBackOff()
	}
	return c.rest(ctx, f, wait)
}

// rest waits, or tells the failure where the wait is too long.
func (c *client) rest(ctx context.Context, f *failure, wait time.Duration) *failure {
	deadline, _ := ctx.Deadline()
	if f.kind == limited && wait > c.options.Wait || wait > time.Until(deadline) {
		f.late = true
		return f
	}
	if f.kind == limited {
		fmt.Fprintf(c.options.Out, "%s: GitHub asks to wait %s\n", c.subject.name, wait.Round(time.Second))
	}
	if err := c.options.pause(ctx, wait); err != nil {
		if c.caller.Err() != nil {
			return &failure{kind: ended, action: f.action, lost: f.lost, cause: errors.Join(err, c.caller.Err())}
		}
		f.late = true
		return f
	}
	return nil
}
