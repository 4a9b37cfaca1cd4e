package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"platform/config"
)

// parallel is how many resources the engine works on at a time. Its default of
// four a processor leaves it waiting for awaits: 100 Deployments and Services
// took 127 s with the default and 37 s with 64 on two processors.
const parallel = "64"

// Preview shows what [Session.Up] would change.
func (s *Session) Preview(ctx context.Context, args ...string) error {
	return s.Pulumi(ctx, append([]string{"preview", "--parallel", parallel, "--skip-plugin-pre-install"}, args...)...)
}

// Up deploys, unless that would end what holds data or an address and no
// waiver names it. A stack of the user's own backend is asked about first, as
// pulumi does; one of this project's is not. A large stack is deployed with one
// checkpoint, after what could not be found out again has been recorded.
//
// Where pulumi asks, it has the terminal to itself, and its diff shows what a
// value was that becomes secret. So a diff is shown by a preview before it.
func (s *Session) Up(ctx context.Context, args ...string) error {
	if s.large() {
		if err := s.prepareState(ctx, args...); err != nil {
			return err
		}
	}
	if !s.own && slices.Contains(args, "--diff") {
		if err := s.Preview(ctx, append(plannable(args), "--diff")...); err != nil {
			return err
		}
		args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--diff" })
	}
	if err := s.gate(ctx, args...); err != nil {
		return err
	}
	return s.sparing().Pulumi(ctx, append(s.change("up"), args...)...)
}

// Refresh takes what is really in the cluster into the state.
func (s *Session) Refresh(ctx context.Context, args ...string) error {
	return s.sparing().Pulumi(ctx, append(s.change("refresh"), args...)...)
}

// Down deletes what the stack deployed. A stack with a protected resource is
// refused as a whole, before anything of it is deleted.
func (s *Session) Down(ctx context.Context, args ...string) error {
	state, err := s.export(ctx)
	if err != nil {
		return err
	}
	if names := state.protected(); len(names) > 0 {
		return fmt.Errorf("stack %s holds %d protected resources, so nothing was deleted:\n  %s\n"+
			"to give them up, set %s:protect to false in %s, deploy that, and run down again",
			s.Stack, len(names), strings.Join(names, "\n  "), config.Namespace, stackFile(s.Stack))
	}
	return s.sparing().Pulumi(ctx, append(s.change("destroy"), args...)...)
}

// change is a command that changes something, with the flags of every such one.
func (s *Session) change(command string) []string {
	args := []string{command, "--parallel", parallel, "--skip-plugin-pre-install"}
	if s.own {
		args = append(args, "--yes", "--skip-preview")
	}
	return args
}
