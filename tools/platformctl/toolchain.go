package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"platform/tools/engine"
	"platform/tools/toolchain"
)

func newToolchain(f *flags) *cobra.Command {
	var onlyEngine bool
	cmd := &cobra.Command{
		Use: "toolchain [PROGRAM]", Short: "Make every tool, or print the path of one program", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts := toolchain.Options{Root: f.root, Out: cmd.ErrOrStderr()}
			if onlyEngine {
				opts.Tools = toolchain.Engine
			}
			tools, err := toolchain.Ensure(cmd.Context(), opts)
			if err != nil || len(args) == 0 {
				return err
			}
			path := tools.Path(args[0])
			if path == "" {
				return fmt.Errorf("program %q is not of this toolchain", args[0])
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
	cmd.Flags().BoolVar(&onlyEngine, "engine", false, "make only what runs the program: pulumi and its plugins")
	return cmd
}

func newClean() *cobra.Command {
	return &cobra.Command{
		Use: "clean", Short: "Stop and delete every embedded cluster, with the state of its stack", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return engine.Clean(cmd.Context()) },
	}
}
