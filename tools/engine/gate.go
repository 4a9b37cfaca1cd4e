package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/plan"
)

// gate plans a deployment before it is begun, and refuses one that breaks a
// policy, or ends what holds data or an address without a waiver. The first
// deployment to an embedded cluster has nothing to end and harms nobody: what
// it breaks is reported while it runs, and it starts a second earlier.
func (s *Session) gate(ctx context.Context, args ...string) error {
	if empty, err := s.empty(ctx); err != nil || empty && s.cluster && s.approved == nil {
		return err
	}
	events, err := newEventLog()
	if err != nil {
		return err
	}
	defer events.remove()
	known := s.learn(ctx)
	var said bytes.Buffer
	listening, stop, err := s.receiveSecrets()
	if err != nil {
		return err
	}
	defer stop()
	previewing, err := s.previewing(ctx, args, events)
	if err != nil {
		return err
	}
	err = s.previewed(events, func() *CLI {
		cmd := s.Command(ctx, previewing...)
		cmd.Env = append(append(cmd.Env, debugCommands), listening...)
		cmd.Stdout, cmd.Stderr = &said, &said
		return cmd
	})
	if err != nil {
		_ = known()
		_, _ = s.out.Write(echoed.ReplaceAll(said.Bytes(), nil)) // the error itself follows
		if cause := events.cause(); cause != "" {
			err = fmt.Errorf("%s (%w)", cause, err)
		}
		return fmt.Errorf("pulumi preview (stack %s): %w", s.Stack, err)
	}
	if s.last, err = s.read(events); err != nil {
		return err
	}
	return errors.Join(s.check(s.last.steps), s.asApproved())
}

// previewing are the arguments of a preview of what up is asked for.
func (s *Session) previewing(ctx context.Context, args []string, events *eventLog) ([]string, error) {
	args, err := s.plannable(ctx, args)
	return slices.Concat([]string{"preview", "--parallel", parallel, "--skip-plugin-pre-install"}, args, []string{"--event-log", events.path()}), err
}

// check refuses steps that end what holds data or an address, or that its data
// may not survive, and tells of waivers: of those that let something through,
// and of those that are left.
func (s *Session) check(steps []apitype.StepEventMetadata) error {
	waivers := s.Config.Shared().Waivers
	changes := plan.Changes(steps, waivers)
	var problems []error
	for _, change := range changes {
		if change.Waived != "" {
			fmt.Fprintf(s.out, "waived: %s; %s\n", change, change.Waived)
			continue
		}
		problems = append(problems, errors.New(change.String()+"; "+change.Remedy(s.Stack)))
	}
	for _, rename := range plan.Renames(steps) {
		problems = append(problems, errors.New(rename.String()))
	}
	for _, waiver := range plan.Unused(waivers, changes) {
		fmt.Fprintf(s.out, "a waiver is left over: %s is not to %s; remove it from %s\n", waiver.Resource, waiver.Change.Verb(), stackFile(s.Stack))
	}
	if len(problems) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("stack %s: what cannot be made good is refused, and nothing was done:", s.Stack)}
	for _, problem := range problems {
		lines = append(lines, "  "+problem.Error())
	}
	return errors.New(strings.Join(lines, "\n"))
}
