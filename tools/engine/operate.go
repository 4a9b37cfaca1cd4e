package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"platform/config"
	"platform/policy/plan"
)

// parallel is how many resources the engine works on at a time. Its default of
// four a processor leaves it waiting for awaits: 100 Deployments and Services
// took 127 s with the default and 37 s with 64 on two processors.
const parallel = "64"

// Preview shows what [Session.Up] would change, checked against the policy pack.
func (s *Session) Preview(ctx context.Context, args ...string) error {
	if err := s.unclaimed(ctx); err != nil {
		return err
	}
	args, err := s.policed(ctx, args)
	if err != nil {
		return err
	}
	return s.Pulumi(ctx, append([]string{"preview", "--parallel", parallel, "--skip-plugin-pre-install"}, args...)...)
}

// Up deploys, unless that would end what holds data or an address and no waiver
// names it, or is not what was approved. A stack of the user's own backend is
// previewed and asked about first; one of this project's is not. An image that
// does not come stops it. Where the state is recorded once, at the end, what could
// not be found out again is recorded before.
func (s *Session) Up(ctx context.Context, args ...string) error {
	policed, err := s.policed(ctx, s.decided(args))
	if err != nil {
		return err
	}
	if s.own {
		if err = s.unclaimed(ctx); err == nil {
			err = s.gate(ctx, policed...)
		}
	} else {
		err = s.announce(ctx, policed, args...) // whose preview has the pack already
	}
	if err != nil {
		return err
	}
	if err := s.takeReplicas(ctx); err != nil {
		return err
	}
	s.tellOfCheckpoints()
	if s.recordedOnce() {
		if err := s.prepareState(ctx); err != nil {
			return err
		}
	}
	return s.watchingPulls(ctx, func(ctx context.Context) error {
		return s.Pulumi(ctx, append(s.deploy(), policed...)...)
	})
}

// deploy is the command that deploys what has been checked already.
func (s *Session) deploy() []string {
	return []string{"up", "--parallel", parallel, "--skip-plugin-pre-install", "--yes", "--skip-preview"}
}

// decided returns the arguments of up without those that announce has dealt with:
// the answers to its questions, and the diff that it has shown.
func (s *Session) decided(args []string) []string {
	if s.own {
		return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return slices.Contains(answers, arg) })
	}
	return undecided(args)
}

// Refresh takes what is really in the cluster into the state.
func (s *Session) Refresh(ctx context.Context, args ...string) error {
	return s.Pulumi(ctx, append(s.change("refresh"), args...)...)
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
	// The engine asks for the program where the state has hooks.
	giving := s.with(plan.EnvDown + "=" + s.Stack)
	return giving.Pulumi(ctx, slices.Concat(s.change("destroy"), []string{"--run-program"}, args)...)
}

// change is a command that changes something, with the flags of every such one.
func (s *Session) change(command string) []string {
	args := []string{command, "--parallel", parallel, "--skip-plugin-pre-install"}
	if s.own {
		args = append(args, "--yes", "--skip-preview")
	}
	return args
}
