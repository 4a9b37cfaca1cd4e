package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"platform/tools/image"
	"platform/tools/toolchain"
)

func newImage(f *flags) *cobra.Command {
	var edit image.Edit
	cmd := &cobra.Command{
		Use: "image", Short: "Set the image of one service in a stack file", Args: cobra.NoArgs,
		Long: `Set the image of one service in a stack file, by its tag. Nothing else in the file
changes: comments, order and quotes stay. Nothing is deployed; make preview shows
what would be.

The file is written only if the configuration is right with the new image, and if
its registry has it for the architecture of every node that its pods may run on,
with this user's docker login. A registry that is not reached, does not answer or
wants other credentials is reported as "not checked: why", and the file is written; this
takes 10 s at most.

A tag that is older than the one in the file is refused, unless --allow-older gives the
reason: then platform:rollback consents to it, with the reason, until the next image is
set. The error of an unknown service lists the known ones.`,
		Example: `  platformctl image --stack k3s --service auth-service --tag 20260301-101500
  platformctl image --stack k3s --service auth-service --tag 20260215-062053 --allow-older "log-ins fail"
  platformctl image --stack prod --service backend --tag v1.0.1`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			edit.Stack = f.stack
			return setImage(cmd.Context(), cmd.OutOrStdout(), f.root, edit)
		},
	}
	cmd.Flags().StringVar(&edit.Service, "service", "", "what runs the image; on EPFL's platform backend is also that of celery-worker")
	cmd.Flags().StringVar(&edit.Tag, "tag", "", "tag to set, or TAG@sha256:DIGEST; of eddisonso YYYYMMDD-HHMMSS in UTC")
	cmd.Flags().StringVar(&edit.AllowOlder, "allow-older", "", "reason for an older tag; empty refuses one")
	return explain(cmd, "", nil)
}

func setImage(ctx context.Context, out io.Writer, folder string, edit image.Edit) error {
	if edit.Service == "" || edit.Tag == "" {
		return errors.New("no image to set; name it with --service and --tag (make image SERVICE=name TAG=tag)")
	}
	root, err := toolchain.Root(folder)
	if err != nil {
		return err
	}
	result, err := edit.File(ctx, filepath.Join(root, "Pulumi."+edit.Stack+".yaml"))
	if err != nil {
		return err
	}
	switch {
	case !result.Changed:
		fmt.Fprintf(out, "%s: is at %s already\n", edit.Service, result.New)
	case result.Old == result.New:
		fmt.Fprintf(out, "%s: stays at %s\n", edit.Service, result.New)
	default:
		fmt.Fprintf(out, "%s: %s → %s\n", edit.Service, result.Old, result.New)
	}
	if result.Consent != "" {
		fmt.Fprintf(out, "%s: %s\n", edit.Service, result.Consent)
	}
	if result.Unchecked != "" {
		fmt.Fprintf(out, "%s: not checked: %s; whether %s exists shows when a node pulls it\n", edit.Service, result.Unchecked, result.Image)
	}
	if len(result.Unbuilt) > 0 {
		fmt.Fprintf(out, "%s: is not built for %s, and the stack file says so; take it out of platforms\n", edit.Service, strings.Join(result.Unbuilt, ", "))
	}
	return nil
}
