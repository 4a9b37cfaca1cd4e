package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"platform/config"
	"platform/tools/engine"
)

func newRender(f *flags) *cobra.Command {
	var out, before, delivery string
	cmd := &cobra.Command{
		Use: "render", Short: "Write a stack's plain manifests, without Secret values", Args: cobra.NoArgs,
		Long: `Write the objects of a stack as manifests, one file each, without asking a cluster and
without the value of any secret. The same input gives the same bytes.

A stack whose values are in Infisical gets what tells the Infisical operator to write
its Secrets. With --delivery pulumi, and for every other stack, there are Secrets
without values, and an annotation that names their keys.

The manifests are checked as a deployment is. Nothing is written where a mandatory
policy is broken, or where something is missing that was there before and holds data
or an address, unless a waiver of the stack file names it.`,
		Example: `  platformctl render --stack prod --out manifests
  platformctl render --stack k3s --out manifests --delivery pulumi`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return fmt.Errorf("no folder to render to; name one with --out (make render OUT=dir)")
			}
			opts, err := f.rendering(cmd, config.SecretDelivery(delivery))
			if err != nil {
				return err
			}
			_, err = engine.Render(cmd.Context(), opts, engine.Rendering{Folder: out, Before: cmp.Or(before, out)})
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write to; made if it is missing")
	cmd.Flags().StringVar(&before, "before", "", "folder with the manifests of before; empty means the one to write to")
	cmd.Flags().StringVar(&delivery, "delivery", "", "who writes the Secrets: pulumi or operator; empty means the operator if it can")
	return explain(cmd, refusing, everywhere)
}

// rendering are the options for manifests that somebody else applies.
func (f *flags) rendering(cmd *cobra.Command, delivery config.SecretDelivery) (engine.Options, error) {
	opts := f.options(cmd)
	if delivery != "" && !slices.Contains(config.SecretDeliveries, delivery) {
		return opts, fmt.Errorf("delivery %q: is not one of %v; choose one of them", delivery, config.SecretDeliveries)
	}
	cfg, err := f.config()
	if err != nil {
		return opts, err
	}
	secrets := cfg.Shared().Secrets
	if delivery == "" && secrets.Source == config.SourceInfisical && f.secrets == "" {
		delivery = config.DeliveryOperator
	}
	if delivery != secrets.Delivery {
		opts.Delivery = delivery
	}
	return opts, nil
}
