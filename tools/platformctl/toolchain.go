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
		Use: "toolchain [PROGRAM]", Short: "Build every tool, or the one of a program, and print its path", Args: cobra.MaximumNArgs(1),
		Long: `Build the programs that this project runs, from the Go module proxy into the cache, and
print the path of PROGRAM if one is named. What is there already is not built again.
All of them take half an hour on two processors. An official pulumi on PATH is used
in the place of a built one.`,
		Example: `  platformctl toolchain
  platformctl toolchain --engine
  $(platformctl toolchain kubectl) version --client`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts := toolchain.Options{Root: f.root, Out: cmd.ErrOrStderr()}
			if onlyEngine {
				opts.Tools = toolchain.Engine
			}
			if len(args) > 0 {
				name, err := toolchain.ToolOf(args[0])
				if err != nil {
					return err
				}
				opts.Tools = []toolchain.Name{name}
			}
			tools, err := toolchain.Ensure(cmd.Context(), opts)
			if err != nil || len(args) == 0 {
				return err
			}
			path := tools.Path(args[0])
			switch {
			case path == "" && args[0] == "pulumi":
				path = tools.Pulumi() // the user's own
			case path == "":
				return fmt.Errorf("%s is not made here, for %s brings its own; PLATFORM_TOOLCHAIN=build makes it", args[0], tools.Pulumi())
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
	cmd.Flags().BoolVar(&onlyEngine, "engine", false, "build only what runs the program: pulumi and its plugins")
	return explain(cmd, "", everywhere)
}

func newBuild(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "build", Short: "Compile the program and its policies into the cache, where every command takes them from", Args: cobra.NoArgs,
		Long: `Compile the program and its policy pack into the cache. Every command does this by itself
if the sources have changed.`,
		Example: "  platformctl build",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return engine.Build(cmd.Context(), f.root, cmd.ErrOrStderr())
		},
	}
	return explain(cmd, "", everywhere)
}

func newClean(f *flags) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "clean", Short: "Stop and delete this checkout's embedded clusters, with the states of their stacks", Args: cobra.NoArgs,
		Long: `Stop and delete the embedded clusters of this checkout, with their data and the states of
their stacks. Those of other checkouts are named, and deleted with --all. The state of
a cluster that is not embedded is never deleted.`,
		Example: `  platformctl clean
  platformctl clean --all`,
		RunE: func(cmd *cobra.Command, _ []string) error { return engine.Clean(cmd.Context(), f.options(cmd), all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "those of this user's other checkouts, too")
	return explain(cmd, "", ofStacks)
}
