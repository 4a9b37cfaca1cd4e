package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"platform/config"
	"platform/tools/cluster"
	"platform/tools/engine"
	"platform/tools/toolchain"
)

func newCluster(f *flags) *cobra.Command {
	cmd := &cobra.Command{Use: "cluster", Short: "Run the embedded cluster of a stack"}
	cmd.AddCommand(newClusterRun(f))
	return cmd
}

func newClusterRun(f *flags) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "run", Short: "Run it in the foreground until interrupted", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tools, err := toolchain.Ensure(cmd.Context(), toolchain.Options{Root: f.root, Tools: toolchain.Cluster, Out: cmd.ErrOrStderr()})
			if err != nil {
				return err
			}
			cfg, err := config.ParseFile(f.stack, filepath.Join(f.root, "Pulumi."+f.stack+".yaml"))
			if err != nil {
				return err
			}
			return cluster.Run(cmd.Context(), cluster.Options{
				Name: engine.EmbeddedContext(f.stack), Dir: dir, Topology: cfg.Topology,
				Programs: cluster.ProgramsOf(tools), Out: cmd.ErrOrStderr(),
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder of the cluster")
	return cmd
}
