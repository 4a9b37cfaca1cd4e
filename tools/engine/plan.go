package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// plan is every resource that the program has for the stack, as a state. It is
// read off a rendering, which asks no cluster and no source of secrets, so it
// is there when both are in doubt. Its names are those of the real resources,
// but where they follow from secret values.
func (s *Session) plan(ctx context.Context) (*state, error) {
	home, err := os.MkdirTemp("", "platform-plan-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	rendering := *s
	rendering.home, rendering.own = home, true
	if err := rendering.render(ctx, filepath.Join(home, "manifests")); err != nil {
		return nil, fmt.Errorf("list what stack %s has: %w", s.Stack, err)
	}
	return rendering.export(ctx)
}
