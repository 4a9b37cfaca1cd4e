package main

import (
	"github.com/spf13/cobra"

	"platform/tools/engine"
)

func newUp(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "up [-- pulumi flags]", Short: "Deploy a stack",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := engine.Open(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			return s.Pulumi(cmd.Context(), append([]string{"up", "--yes", "--skip-preview", "--parallel", "64"}, args...)...)
		},
	}
}

func newPreview(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "preview [-- pulumi flags]", Short: "Show what deploying a stack would change",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := engine.Open(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			return s.Pulumi(cmd.Context(), append([]string{"preview", "--parallel", "64"}, args...)...)
		},
	}
}

func newDown(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "down [-- pulumi flags]", Short: "Delete what a stack deployed",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := engine.Open(cmd.Context(), f.options(cmd))
			if err != nil {
				return err
			}
			return s.Pulumi(cmd.Context(), append([]string{"destroy", "--yes", "--skip-preview", "--parallel", "64"}, args...)...)
		},
	}
}
