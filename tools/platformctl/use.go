package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"platform/tools/engine"
)

// newUseCommands are the commands that look into what a stack runs. What
// follows -- goes to the program that is run there as it is.
func newUseCommands(f *flags) []*cobra.Command {
	open := &cobra.Command{
		Use: "open", Short: "Print the URL of a stack's page, and open it on a desktop", Args: cobra.NoArgs,
		Long: `Print the URL of a stack's page, and open it where this is a terminal on a desktop.

The names of a stack on an embedded cluster are in nobody's DNS. Its page is at
localhost, on a port that leads to the edge, with a certificate of the cluster's own
authority. The second line names the file to trust, the third is a command that asks
the page by the stack's own name.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := f.use(cmd)
			if err != nil {
				return err
			}
			return errors.Join(s.Page(cmd.Context()), s.Close())
		},
	}
	return []*cobra.Command{
		open,
		f.serviceCommand("logs", "kubectl logs", "Show the logs of all pods of a component", (*engine.Session).Logs),
		f.serviceCommand("shell", "the shell", "Open a shell in the first ready pod of a component", (*engine.Session).Shell),
		f.serviceCommand("psql", "psql", "Open psql, as the superuser, in the pod of the database server that takes writes", (*engine.Session).PSQL),
	}
}

func (f *flags) serviceCommand(name, program, short string, run func(*engine.Session, context.Context, string, ...string) error) *cobra.Command {
	var service string
	cmd := &cobra.Command{
		Use: name + " [-- flags of " + program + "]", Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.use(cmd)
			if err != nil {
				return err
			}
			return errors.Join(run(s, cmd.Context(), service, args...), s.Close())
		},
	}
	cmd.Flags().StringVar(&service, "service", "", "component, as its pods are labelled; the error of a wrong one lists them")
	return cmd
}

// use is a session for what runs, which alone writes to the output.
func (f *flags) use(cmd *cobra.Command) (*engine.Session, error) {
	opts := f.options(cmd)
	opts.Out = cmd.ErrOrStderr()
	return engine.Use(cmd.Context(), opts)
}
