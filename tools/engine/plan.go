package engine

import (
	"context"
	"fmt"
)

// plan is every resource that the program has for the stack, as a state. It is
// read off a rendering, which asks no cluster and no source of secrets, so it
// is there when both are in doubt. Its names are those of the real resources,
// but where they follow from secret values.
func (s *Session) plan(ctx context.Context) (*state, error) {
	o, err := s.offline(ctx)
	if err != nil {
		return nil, err
	}
	defer o.close()
	if err := o.deploy(ctx, s.root, false); err != nil {
		return nil, fmt.Errorf("list what stack %s has: %w", s.Stack, err)
	}
	return o.export(ctx)
}
