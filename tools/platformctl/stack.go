package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"platform/tools/engine"
)

// newStackCommands are the commands that run the engine for one stack. What
// follows -- goes to pulumi as it is.
func newStackCommands(f *flags) []*cobra.Command {
	return []*cobra.Command{
		f.engineCommand("preview", "Show what up would change", (*engine.Session).Preview),
		f.engineCommand("up", "Deploy a stack and show what runs where", f.up),
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
			s, err := engine.Open(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			return errors.Join(run(s, cmd.Context(), args...), s.Close())
		},
	}
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
