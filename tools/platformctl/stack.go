package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"platform/tools/engine"
	"platform/tools/review"
)

// newStackCommands are the commands that run the engine for one stack. What
// follows -- goes to pulumi as it is.
func newStackCommands(f *flags) []*cobra.Command {
	return []*cobra.Command{
		f.engineCommand("preview", "Show what up would change", (*engine.Session).Preview),
		newUp(f),
		f.engineCommand("down", "Delete what a stack deployed", (*engine.Session).Down),
		f.engineCommand("refresh", "Take what is really in the cluster into the state", (*engine.Session).Refresh),
		f.engineCommand("recover", "Repair the state after an interrupted run", (*engine.Session).Recover),
		newRotate(f),
		newRender(f),
	}
}

func (f *flags) engineCommand(name, short string, run func(*engine.Session, context.Context, ...string) error) *cobra.Command {
	return &cobra.Command{
		Use: name + " [-- flags of pulumi]", Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			// Who stops reading, as cat does at a Ctrl-C, does not end the run in mid-way.
			signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
			s, err := engine.Open(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			return errors.Join(run(s, cmd.Context(), args...), s.Close())
		},
	}
}

func newUp(f *flags) *cobra.Command {
	var plan string
	cmd := f.engineCommand("up", "Deploy a stack and show what runs where", f.up)
	cmd.Flags().StringVar(&plan, "plan", "", "file of review --view cluster: the deployment ends before it changes anything unless it does the same")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		f.renew = true
		if plan == "" {
			return nil
		}
		var err error
		f.approved, err = approved(plan, f.stack)
		return err
	}
	return cmd
}

// approved is the plan of a stack in a file of review, whole and of what its
// cluster has.
func approved(path, stack string) (*review.Section, error) {
	const remedy = "have a new one made by platformctl review --view cluster"
	sections, err := readSections([]string{path})
	if err != nil {
		return nil, fmt.Errorf("plan of stack %s: %w; %s", stack, err, remedy)
	}
	var found *review.Section
	for i, section := range sections {
		switch {
		case section.Stack != stack || section.View != review.ViewCluster:
		case found != nil:
			return nil, fmt.Errorf("plan %s: has stack %s twice, and nobody knows which was judged; %s", path, stack, remedy)
		case section.Fault != "":
			return nil, fmt.Errorf("plan %s: that of stack %s is not whole: %s; %s", path, stack, section.Fault, remedy)
		default:
			found = &sections[i]
		}
	}
	if found == nil {
		return nil, fmt.Errorf("plan %s: says nothing of what a deployment of stack %s does; %s", path, stack, remedy)
	}
	return found, nil
}

func (f *flags) up(s *engine.Session, ctx context.Context, args ...string) error {
	if err := s.Up(ctx, args...); err != nil {
		return err
	}
	if err := s.Summary(ctx); err != nil {
		return err
	}
	if err := s.Consumers(ctx); err != nil {
		return err
	}
	s.Hints()
	return nil
}

func newRotate(f *flags) *cobra.Command {
	var secret string
	cmd := f.engineCommand("rotate", "Make a generated secret anew and bring it to what reads it", func(s *engine.Session, ctx context.Context, args ...string) error {
		if err := s.Rotate(ctx, secret, args...); err != nil {
			return err
		}
		return s.Summary(ctx)
	})
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error { return engine.CheckRotation(f.options(cmd), secret) }
	cmd.Flags().StringVar(&secret, "secret", "", "value to make anew as SECRET/KEY, or SECRET for all of its values")
	return cmd
}
