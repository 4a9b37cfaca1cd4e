package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// rereadTimeout bounds how long a few objects may take to be read.
const rereadTimeout = time.Minute

// errStateBehind means that the next preview would not see what runs.
var errStateBehind = errors.New("the state lacks what the interrupted run has changed")

// reread takes into the state what an interrupted deployment was changing. Of
// an update that ends early the provider tells the engine that it was cancelled
// and no more, so the state keeps the object as it was before. The next preview
// would call it unchanged, whatever runs.
//
// It goes on when the context has ended, which is why it is called.
func (s *Session) reread(ctx context.Context, events *eventLog) error {
	urns, err := events.unfinished()
	if err != nil || len(urns) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rereadTimeout)
	defer cancel()
	fmt.Fprintf(s.out, "The deployment was interrupted: reading again what it was changing (%d)\n", len(urns))
	args := []string{"refresh", "--parallel", parallel, "--skip-plugin-pre-install", "--yes", "--skip-preview"}
	for _, urn := range urns {
		args = append(args, "--target", urn)
	}
	if out, err := s.Command(ctx, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w (stack %s): %w\n%s\nmake refresh STACK=%s reads it, before anything else is deployed", errStateBehind, s.Stack, err, out, s.Stack)
	}
	return nil
}
