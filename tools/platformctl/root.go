package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"platform/config"
	"platform/policy/secret"
	"platform/tools/engine"
	"platform/tools/review"
	"platform/tools/toolchain"
)

// flags are what most commands take.
type flags struct {
	root    string
	stack   string
	context string
	secrets string
	nodes   string

	renew    bool            // of up alone
	known    *secret.Known   // values that must not be written or printed
	approved *review.Section // of up alone; nil means none
}

func newRoot(known *secret.Known) *cobra.Command {
	f := &flags{known: known}
	root := &cobra.Command{
		Use:   "platformctl",
		Short: "Deploy the platform: toolchain, embedded cluster and engine in one",
		Long: `Deploy the platforms of this repository. This program prepares the toolchain, runs the
embedded clusters and drives pulumi; it is what make calls. Each stack is described
by the file Pulumi.STACK.yaml: dev, staging and prod are EPFL's co2-calculator, k3s is
Edd Cloud, local and k3s-local run either on an embedded cluster of this machine.

A first deployment on this machine is platformctl up. Everything else about a stack is
platformctl COMMAND --stack STACK.`,
		Example: `  platformctl up
  platformctl preview --stack dev
  platformctl logs --service backend
  platformctl cluster down`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&f.root, "root", ".", "checkout of the project, or a folder inside it")
	root.PersistentFlags().StringVar(&f.stack, "stack", engine.DefaultStack, "stack to work on")
	root.PersistentFlags().StringVar(&f.context, "context", "", "kubeconfig context to use in the place of the stack's own")
	root.PersistentFlags().StringVar(&f.secrets, "secrets", "", "source of secrets to use in the place of the stack's own; masked needs no access and serves for previews")
	root.PersistentFlags().StringVar(&f.nodes, "nodes", os.Getenv("NODES"), "nodes of a new embedded cluster: simulated or real; empty means real ones if this machine has all that they need")
	root.SetUsageTemplate(root.UsageTemplate() + helpSections)
	root.AddCommand(newCluster(f), newToolchain(f), newBuild(f), newClean(f), newFolder(f), newSecrets(f), newPolicy(), newReach(f), newAccess(f), newReview(f), newComment(f), newDrift(f), newGitOps(f), newImage(f), newMake(f))
	root.AddCommand(newStackCommands(f)...)
	root.AddCommand(newUseCommands(f)...)
	return root
}

func (f *flags) options(cmd *cobra.Command) engine.Options {
	return engine.Options{
		Root: f.root, Stack: f.stack, Context: f.context, Secrets: f.secrets, Nodes: f.nodes, Approved: f.approved, Renew: f.renew, Known: f.known, Out: cmd.OutOrStdout(),
	}
}

// config is the stack's, as the checkout has it.
func (f *flags) config() (config.Platform, error) {
	root, err := toolchain.Root(f.root)
	if err != nil {
		return nil, err
	}
	return config.ReadFile(f.stack, filepath.Join(root, "Pulumi."+f.stack+".yaml"))
}
