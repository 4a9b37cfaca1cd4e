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
		Long: `Print the URL of a stack's page, and open it if this is a terminal on a desktop.

The names of a stack on an embedded cluster are in nobody's DNS. Its page is at
localhost, on a port that leads to the edge, with a certificate of the cluster's own
authority. The second line names the file to trust, the third is a command that asks
the page by the stack's own name.`,
		Example: `  platformctl open
  platformctl open --stack k3s-local`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := f.use(cmd)
			if err != nil {
				return err
			}
			return errors.Join(s.Page(cmd.Context()), s.Close())
		},
	}
	return []*cobra.Command{
		explain(open, "", ofStacks),
		f.serviceCommand(cobra.Command{
			Use: "logs [-- flags of kubectl logs]", Short: "Show the logs of all pods of a component",
			Long: `Show the logs of all pods of a component, each line with its pod. What follows -- goes
to kubectl logs.`,
			Example: `  platformctl logs --service backend
  platformctl logs --stack dev --service celery-worker -- -f --since 1h`,
		}, (*engine.Session).Logs),
		f.serviceCommand(cobra.Command{
			Use: "shell [-- flags of the shell]", Short: "Open a shell in the first ready pod of a component",
			Long: `Open a shell in the first ready pod of a component, the best one that its image has.
What follows -- goes to the shell.`,
			Example: `  platformctl shell --service backend
  platformctl shell --stack dev --service backend -- -c env`,
		}, (*engine.Session).Shell),
		f.serviceCommand(cobra.Command{
			Use: "psql [-- flags of psql]", Short: "Open psql, as the superuser, in the pod of the database server that takes writes",
			Long: `Open psql as the superuser in the pod of the database server that takes writes, or of
the one that --service names. What follows -- goes to psql.`,
			Example: `  platformctl psql
  platformctl psql --stack k3s --service timescaledb -- -c "select 1"`,
		}, (*engine.Session).PSQL),
	}
}

func (f *flags) serviceCommand(cmd cobra.Command, run func(*engine.Session, context.Context, string, ...string) error) *cobra.Command {
	var service string
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := f.use(cmd)
		if err != nil {
			return err
		}
		return errors.Join(run(s, cmd.Context(), service, args...), s.Close())
	}
	cmd.Flags().StringVar(&service, "service", "", "component, as its pods are labelled; a wrong name lists them")
	return explain(&cmd, ofProgram, ofStacks)
}

// use is a session for what runs, which alone writes to the output.
func (f *flags) use(cmd *cobra.Command) (*engine.Session, error) {
	opts := f.options(cmd)
	opts.Out = cmd.ErrOrStderr()
	return engine.Use(cmd.Context(), opts)
}
