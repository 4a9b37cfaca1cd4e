package main

import (
	"errors"

	"github.com/spf13/cobra"

	"platform/config"
	"platform/tools/gitops"
	"platform/tools/revision"
)

// renderedBranch is what Argo CD reads, unless somebody says otherwise.
const renderedBranch = "rendered"

func newGitOps(f *flags) *cobra.Command {
	var out, check, before, repository, branch string
	cmd := &cobra.Command{
		Use: "gitops", Short: "Write or check what Argo CD applies: a stack's manifests and its Application", Args: cobra.NoArgs,
		Long: `Write a stack for Argo CD: its manifests as render writes them, with the order in which
they are applied and with what must not be deleted, and the Application that applies
them from a branch. No cluster is asked and no secret is read: the Infisical operator
writes the Secrets in the cluster.

With --check, nothing is written: files that are not what the program renders are named.

Both are checked as a deployment is. Refused is what breaks a mandatory policy, and
what lacks something that was published before and holds data or an address, unless
a waiver of the stack file names it.`,
		Example: `  platformctl gitops --stack prod --out ../rendered
  platformctl gitops --stack prod --out new --before ../rendered
  platformctl gitops --stack prod --check ../rendered`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			render, err := f.rendering(cmd, config.DeliveryOperator)
			if err != nil {
				return err
			}
			render.Out = cmd.ErrOrStderr()
			cfg, err := f.config()
			if err != nil {
				return err
			}
			if repository == "" {
				if repository, err = revision.Origin(cmd.Context(), render.Root); err != nil {
					return err
				}
			}
			o := gitops.Options{Stack: f.stack, Config: cfg, Render: render, Before: before, Repository: repository, Branch: branch}
			switch {
			case check != "" && out != "":
				return errors.New("names a folder to write and one to compare with; name one of them")
			case check != "":
				return gitops.Check(cmd.Context(), o, check)
			case out != "":
				return gitops.Write(cmd.Context(), o, out)
			}
			return errors.New("no folder; name one with --out (make gitops OUT=dir) or --check (make gitops CHECK=dir)")
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write below, such as a checkout of the branch")
	cmd.Flags().StringVar(&check, "check", "", "folder to compare with")
	cmd.Flags().StringVar(&before, "before", "", "folder with what was published before, such as a checkout of the branch; empty means the one of --out or --check")
	cmd.Flags().StringVar(&repository, "repository", "", "URL that Argo CD reads the branch from; empty means the checkout's origin")
	cmd.Flags().StringVar(&branch, "branch", renderedBranch, "branch that Argo CD reads")
	return explain(cmd, refusing, everywhere)
}
