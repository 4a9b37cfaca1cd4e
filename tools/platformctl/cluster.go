package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"platform/tools/engine"
)

func newCluster(f *flags) *cobra.Command {
	cmd := &cobra.Command{Use: "cluster", Short: "Run the embedded cluster of a stack"}
	cmd.AddCommand(newClusterUp(f), newClusterDown(f), newClusterRun(f), newKubeconfig(f))
	return cmd
}

func newClusterUp(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "up", Short: "Start it in the background", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			state, err := engine.ClusterUp(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "cluster %s is ready at %s\nuse it with: export KUBECONFIG=%s\n", state.Context, state.Server, state.Kubeconfig)
			return nil
		},
	}
}

func newClusterDown(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "down", Short: "Stop it and delete it, with the state of its stack", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return engine.ClusterDown(cmd.Context(), f.options(cmd)) },
	}
}

func newClusterRun(f *flags) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "run", Short: "Run it in the foreground until interrupted", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return engine.ClusterRun(cmd.Context(), f.options(cmd), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder to keep the cluster in; default: the stack's own")
	return cmd
}

func newKubeconfig(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "kubeconfig", Short: "Print the path of its kubeconfig and nothing else", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := engine.Kubeconfig(f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
}

func newFolder(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "folder", Short: "Print the folder with state, passphrase and project of an embedded stack, or of a context's deployment, and nothing else", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := engine.Folder(f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
}
