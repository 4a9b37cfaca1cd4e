package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"platform/tools/engine"
)

func newCluster(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "cluster", Short: "Run the embedded cluster of a stack",
		Long: `Run the embedded cluster of a stack, which is a Kubernetes control plane of processes on
this machine, with simulated or real nodes. up starts it by itself.`,
		Example: `  platformctl cluster up
  platformctl cluster down --stack k3s-local`,
	}
	cmd.AddCommand(newClusterUp(f), newClusterDown(f), newClusterRun(f), newKubeconfig(f))
	return cmd
}

func newClusterUp(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "up", Short: "Start it in the background", Args: cobra.NoArgs,
		Long: `Start the embedded cluster of a stack in the background and wait until it is ready. One
that runs is left as it is. It runs until cluster down, or until the machine stops.`,
		Example: `  platformctl cluster up
  platformctl cluster up --stack k3s-local --nodes simulated`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			state, err := engine.ClusterUp(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "cluster %s is ready at %s\nuse it with: export KUBECONFIG=%s\n", state.Context, state.Server, state.Kubeconfig)
			return nil
		},
	}
	return explain(cmd, "", ofClusters)
}

func newClusterDown(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "down", Short: "Stop it and delete it, with the state of its stack", Args: cobra.NoArgs,
		Long: `Stop the embedded cluster of a stack and delete it, with the data in it and the state of
its stack. The state of another cluster is never deleted.`,
		Example: `  platformctl cluster down
  platformctl cluster down --stack k3s-local`,
		RunE: func(cmd *cobra.Command, _ []string) error { return engine.ClusterDown(cmd.Context(), f.options(cmd)) },
	}
	return explain(cmd, "", ofClusters)
}

func newClusterRun(f *flags) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "run", Short: "Run it in the foreground until interrupted", Args: cobra.NoArgs,
		Long: `Run the embedded cluster of a stack in the foreground. It stops, and keeps its objects,
when the command is interrupted.`,
		Example: `  platformctl cluster run
  platformctl cluster run --stack k3s-local --dir cluster`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return engine.ClusterRun(cmd.Context(), f.options(cmd), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder to keep the cluster in; empty means the stack's own")
	return explain(cmd, "", ofClusters)
}

func newKubeconfig(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "kubeconfig", Short: "Print the path of its kubeconfig and nothing else", Args: cobra.NoArgs,
		Long: "Print the path of the kubeconfig of a stack's embedded cluster and nothing else.",
		Example: `  export KUBECONFIG=$(platformctl cluster kubeconfig)
  kubectl --kubeconfig $(platformctl cluster kubeconfig --stack k3s-local) get nodes`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := engine.Kubeconfig(f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
	return explain(cmd, "", ofStacks)
}

func newFolder(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "folder", Short: "Print the folder with the state of a stack on this machine and nothing else", Args: cobra.NoArgs,
		Long: `Print the folder that keeps the state, the passphrase and the project of a stack on an
embedded cluster, or of one that was deployed with --context, and nothing else. Back it
up if what was deployed with --context has to last.`,
		Example: `  platformctl folder
  platformctl folder --stack local --context my-cluster`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := engine.Folder(f.options(cmd))
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
	return explain(cmd, "", ofStacks)
}
