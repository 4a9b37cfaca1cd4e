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
		f.engineCommand(cobra.Command{
			Use: "preview", Short: "Show what up would change",
			Long: `Show what up would change, checked against the policy pack. Nothing is written, neither
to the cluster nor to the state. With --diff behind --, every value that changes is
shown; long lists of alike values are folded, and secrets are masked.`,
			Example: `  platformctl preview --stack dev
  platformctl preview --stack prod -- --diff
  platformctl preview --stack prod --secrets masked`,
		}, (*engine.Session).Preview),
		newUp(f),
		f.engineCommand(cobra.Command{
			Use: "down", Short: "Delete what a stack deployed",
			Long: `Delete everything that a stack deployed. A stack with a protected resource, such as a
database's volume with platform:protect, is refused as a whole, and nothing is deleted.`,
			Example: `  platformctl down
  platformctl down --stack dev -- --yes`,
		}, (*engine.Session).Down),
		f.engineCommand(cobra.Command{
			Use: "refresh", Short: "Take what is really in the cluster into the state",
			Long: `Read every object of a stack from its cluster and write it to the state. The cluster
does not change. The next preview then shows what differs from the program.`,
			Example: `  platformctl refresh --stack dev
  platformctl refresh --stack dev -- --yes`,
		}, (*engine.Session).Refresh),
		f.engineCommand(cobra.Command{
			Use: "recover", Short: "Repair the state after an interrupted run",
			Long: `Repair the state of a stack after a run that was interrupted or killed: release its
lock, take the newest whole copy of a state that is damaged, take in what exists in the
cluster and is missing in the state, and forget what exists no more. Only objects that
say that they belong to this stack are taken in. Run up afterwards.`,
			Example: `  platformctl recover --stack dev
  platformctl recover --stack dev -- --yes`,
		}, (*engine.Session).Recover),
		newRotate(f),
		newRender(f),
	}
}

func (f *flags) engineCommand(cmd cobra.Command, run func(*engine.Session, context.Context, ...string) error) *cobra.Command {
	cmd.Use += " [-- flags of pulumi]"
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		// A reader that ends early, as cat does at a Ctrl-C, does not end the run half-way.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
		s, err := engine.Open(cmd.Context(), f.options(cmd))
		if err != nil {
			return err
		}
		return errors.Join(run(s, cmd.Context(), args...), s.Close())
	}
	return explain(&cmd, refusing, ofClusters)
}

func newUp(f *flags) *cobra.Command {
	var plan string
	cmd := f.engineCommand(cobra.Command{
		Use: "up", Short: "Deploy a stack and show what runs where",
		Long: `Deploy a stack. An embedded cluster is started first if it does not run. A stack in
your own Pulumi backend is previewed and asked about; with --yes behind -- it is not
asked about. What breaks a mandatory policy, or would lose data or an address without
a waiver in the stack file, is refused before anything changes. At the end, up shows
what runs where, and how to reach it.`,
		Example: `  platformctl up
  platformctl up --stack dev -- --diff
  platformctl up --stack prod --plan prod.json -- --yes`,
	}, f.up)
	cmd.Flags().StringVar(&plan, "plan", "", "file of review --view cluster: refuse to change anything unless the deployment does exactly the same")
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
			return nil, fmt.Errorf("plan %s: has stack %s twice, and nobody knows which was checked; %s", path, stack, remedy)
		case section.Error != "":
			return nil, fmt.Errorf("plan %s: that of stack %s is not whole: %s; %s", path, stack, section.Error, remedy)
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
	cmd := f.engineCommand(cobra.Command{
		Use: "rotate", Short: "Replace a generated secret and bring the new one to what reads it",
		Long: `Replace a secret that the program generated, in one deployment: the value is generated
again, written to its Secret, and what reads it restarts. Secrets of other sources are
changed where they come from.`,
		Example: `  platformctl rotate --secret redis
  platformctl rotate --stack dev --secret backend-secrets/JWT_SECRET -- --yes`,
	}, func(s *engine.Session, ctx context.Context, args ...string) error {
		if err := s.Rotate(ctx, secret, args...); err != nil {
			return err
		}
		return s.Summary(ctx)
	})
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error { return engine.CheckRotation(f.options(cmd), secret) }
	cmd.Flags().StringVar(&secret, "secret", "", "value to replace as SECRET/KEY, or SECRET for all of its values; a wrong name lists them")
	return cmd
}
