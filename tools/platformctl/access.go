package main

import (
	"github.com/spf13/cobra"

	"platform/config"
	"platform/tools/access"
	"platform/tools/reach"
)

// lists is what the program lists to preview: which images run, where an older
// one needs a word of consent.
func lists(cfg config.Platform) []string {
	if _, is := cfg.(*config.EddCloud); is {
		return []string{"deployments", "daemonsets"}
	}
	return nil
}

func newAccess(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "access", Short: "Print the identity with which CI previews a stack, and no more", Args: cobra.NoArgs,
		Long: `Print the account, the rights and the admission policy with which a preview of the
stack from CI works: it may read the stack's objects and apply them as dry runs, and
whatever it would really write is refused. The stack is rendered for that; no cluster
is asked. Apply it as an administrator.`,
		Example: `  platformctl access --stack prod | kubectl apply -f -
  kubectl create token ci-preview --namespace co2-calculator-prod --duration 24h`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts := f.options(cmd)
			opts.Out = cmd.ErrOrStderr() // the manifests are alone on the output
			stack, err := reach.Rendered(cmd.Context(), opts)
			if err != nil {
				return err
			}
			cfg, err := f.config()
			if err != nil {
				return err
			}
			all, err := access.New(stack, lists(cfg)...)
			if err != nil {
				return err
			}
			return all.Write(cmd.OutOrStdout())
		},
	}
	return explain(cmd, refusing, everywhere)
}
