// Package infisical reads a stack's secret values from an Infisical server. One
// call of [Read] logs in once, lists each folder once, and gives either every
// value or an error that names everything wrong. Nothing of it outlives the call.
package infisical

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"platform/config"
)

// Defaults of the times in the stack file, and how many folders are asked for
// at once: enough to hide a round trip, and far from the 40 lists a minute that
// servers allow an address.
const (
	DefaultAttemptTimeout = 10 * time.Second
	DefaultTimeout        = 45 * time.Second

	parallelLists = 4
)

// errSpent is the cause of a context whose time for all requests is over.
var errSpent = errors.New("the time for all requests is over")

// Read gives the wanted values of one stack. Credentials come from lookup,
// which is [os.LookupEnv] but in tests. Whatever is wrong is a [config.Errors]
// with key, stack and remedy; after ctx is cancelled, the error wraps its cause.
// No error holds a value, a credential or a token.
func Read(
	ctx context.Context, stack string, settings config.Infisical, wanted []config.SecretValue, lookup func(string) (string, bool),
) (*Result, error) {
	return read(ctx, stack, settings, wanted, lookup, patience)
}

// read is Read with another pace between attempts.
func read(
	ctx context.Context, stack string, settings config.Infisical, wanted []config.SecretValue,
	lookup func(string) (string, bool), pace pace,
) (*Result, error) {
	if settings.AttemptTimeout == 0 {
		settings.AttemptTimeout = DefaultAttemptTimeout
	}
	if settings.Timeout == 0 {
		settings.Timeout = DefaultTimeout
	}
	r := &reader{stack: stack, settings: settings, wanted: wanted}
	base, credentials, roots := r.prepare(lookup)
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return &Result{}, nil
	}
	limited, cancel := context.WithTimeoutCause(ctx, settings.Timeout, errSpent)
	defer cancel()
	wire := newWire(limited, roots)
	defer wire.close()
	s := &session{base: base, wire: wire, credentials: credentials, settings: settings, pace: pace}
	lists, err := r.lists(limited, s)
	if cause := context.Cause(ctx); cause != nil {
		return nil, r.stopped(cause)
	}
	if err != nil {
		return nil, err
	}
	result := r.result(lists)
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return result, nil
}

// reader collects what is wrong while it reads for one stack.
type reader struct {
	stack    string
	settings config.Infisical
	wanted   []config.SecretValue
	problems config.Errors
}

func (r *reader) add(key, remedy, why string, args ...any) {
	r.problems = append(r.problems, config.Error{Key: key, Stack: r.stack, Why: fmt.Sprintf(why, args...), Remedy: remedy})
}

// stopped is the error of a call that its caller has ended.
func (r *reader) stopped(cause error) error {
	return fmt.Errorf("%s:%s (stack %s): reading from Infisical was stopped: %w; run the command again",
		config.Namespace, keyAll, r.stack, cause)
}

// lists logs in and asks for every folder. A failure that concerns one folder
// is an error and the others go on; any other ends them all.
func (r *reader) lists(ctx context.Context, s *session) (map[string]*list, error) {
	if failed := s.start(ctx); failed != nil {
		return nil, config.Errors{r.problem(failed, s.credentials)}
	}
	paths := r.paths()
	answers, failures := make([]*list, len(paths)), make([]*failure, len(paths))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelLists)
	for i, path := range paths {
		group.Go(func() error {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // another list has ended all of them, and tells why
			}
			answers[i], failures[i] = s.list(ctx, path)
			if failures[i] != nil && !failures[i].local() {
				return failures[i]
			}
			return nil
		})
	}
	var global *failure
	if err := group.Wait(); errors.As(err, &global) {
		return nil, config.Errors{r.problem(global, s.credentials)}
	}
	lists := make(map[string]*list, len(paths))
	for i, path := range paths {
		if failures[i] != nil {
			r.refused(path, failures[i], s.credentials)
			continue
		}
		lists[path] = answers[i]
	}
	return lists, nil
}

// paths are the distinct folders that hold wanted values, in order.
func (r *reader) paths() []string {
	var paths []string
	for _, value := range r.wanted {
		paths = append(paths, folder(value.Path))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// at is the values that are wanted from one folder.
func (r *reader) at(path string) []config.SecretValue {
	var values []config.SecretValue
	for _, value := range r.wanted {
		if folder(value.Path) == path {
			values = append(values, value)
		}
	}
	return values
}
