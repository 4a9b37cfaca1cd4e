package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"platform/policy/pack"
	policy "platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/policy/reach/stacks"
	"platform/policy/settings"
	"platform/tools/engine"
	"platform/tools/reach"
)

var reachFormats = []string{formatTable, formatJSON}

var hostEndpoints = []string{string(policy.HostsNone), string(policy.HostsOpen), string(policy.HostsClosed)}

// plainWidth is the width of tables that go to no terminal, in letters.
const plainWidth = 160

// reachFlags are what reach takes.
type reachFlags struct {
	manifests     string
	base          string
	baseManifests string
	format        string
	hosts         string
	check         bool
	live          bool
	standIns      bool
}

func newReach(f *flags) *cobra.Command {
	var r reachFlags
	cmd := &cobra.Command{
		Use: "reach", Short: "Show who can reach whom in a stack, and what has changed since a revision", Args: cobra.NoArgs,
		Long: `Show who can reach whom in a stack, on which ports, as its network policies say. The
stack is rendered for that, or plain manifests are read; no cluster is asked but
with --live. That measures on the stack's embedded cluster with real nodes: it opens
TCP connections between all pods, nodes and addresses outside, marks what is not as
computed, and fails then.

With --base, the same stack is rendered as another revision of git makes it, by that
revision's own program, and who newly reaches whom and who no longer is shown, too.`,
		Example: `  platformctl reach --stack prod
  platformctl reach --stack prod --base main
  platformctl reach --stack local --live
  platformctl reach --stack k3s --host-endpoints none --format json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return r.run(cmd, f) },
	}
	cmd.Flags().StringVar(&r.manifests, "manifests", "", "folder with the stack's manifests, as render writes them; empty means to render it")
	cmd.Flags().StringVar(&r.base, "base", "", "revision of git to compare with")
	cmd.Flags().StringVar(&r.baseManifests, "base-manifests", "", "folder with manifests to compare with")
	cmd.Flags().StringVar(&r.format, "format", formatTable, "what to print: "+strings.Join(reachFormats, ", "))
	cmd.Flags().StringVar(&r.hosts, "host-endpoints", "", "what Calico asks policies about at the nodes: "+strings.Join(hostEndpoints, ", ")+"; empty means as is stated of the platform")
	cmd.Flags().BoolVar(&r.check, "check", false, "fail if anything is not as stated")
	cmd.Flags().BoolVar(&r.live, "live", false, "measure it on the stack's embedded cluster with real nodes, and fail if anything is not as computed")
	cmd.Flags().BoolVar(&r.standIns, "stand-ins", true, "with --live, make pods for the time being where endpoints have none, such as Jobs that are done")
	cmd.MarkFlagsMutuallyExclusive("base", "base-manifests")
	return explain(cmd, "  0  done\n  1  an error, or with --check or --live anything that is not as stated", ofClusters)
}

func (r reachFlags) run(cmd *cobra.Command, f *flags) error {
	if !slices.Contains(reachFormats, r.format) {
		return fmt.Errorf("format %q: is not one of %s; choose one of them", r.format, strings.Join(reachFormats, ", "))
	}
	if r.hosts != "" && !slices.Contains(hostEndpoints, r.hosts) {
		return fmt.Errorf("host-endpoints %q: is not one of %s; choose one of them", r.hosts, strings.Join(hostEndpoints, ", "))
	}
	if r.live {
		return r.measure(cmd, f)
	}
	stack, err := r.stack(cmd, f)
	if err != nil {
		return err
	}
	base, err := r.before(cmd, f)
	if err != nil {
		return err
	}
	cfg, err := f.config()
	if err != nil {
		return err
	}
	report, err := reach.New(stack, base, stacks.Options{Hosts: policy.HostEndpoints(r.hosts), Parameters: settings.Network(cfg)})
	if err != nil {
		return fmt.Errorf("stack %s: %w", f.stack, err)
	}
	if err = r.print(cmd.OutOrStdout(), report); err == nil && r.check && len(report.Findings) > 0 {
		err = fmt.Errorf("stack %s: %d connections are not as stated; correct the policies, or state them in policy/reach/expectations", f.stack, len(report.Findings))
	}
	return err
}

func (r reachFlags) print(out io.Writer, report *reach.Report) error {
	if r.format == formatJSON {
		return report.JSON(out)
	}
	report.Table(out, width(out))
	return nil
}

// measure is reach on real nodes: what only computes is refused.
func (r reachFlags) measure(cmd *cobra.Command, f *flags) error {
	if r.base != "" || r.baseManifests != "" || r.check || r.hosts != "" {
		return errors.New("live: it measures what runs, and compares with nothing else; leave out --base, --base-manifests, --check and --host-endpoints")
	}
	opts := f.options(cmd)
	opts.Out = cmd.ErrOrStderr() // the report is alone on the output
	report, err := r.measured(cmd.Context(), opts)
	if err != nil {
		return err
	}
	if err := r.print(cmd.OutOrStdout(), report); err != nil {
		return err
	}
	if differences := len(report.Measured.Differences); differences > 0 {
		return fmt.Errorf("stack %s: %d of %d cells are not as computed; deploy the stack with %s, or correct what enforces its policies", f.stack, differences, report.Measured.Cells, opts.MakeLine("up"))
	}
	return nil
}

func (r reachFlags) measured(ctx context.Context, opts engine.Options) (*reach.Report, error) {
	if r.manifests == "" {
		return reach.Live(ctx, opts, r.standIns)
	}
	stack, err := objects.Read(r.manifests, opts.Stack)
	if err != nil {
		return nil, err
	}
	return reach.Measure(ctx, opts, stack, r.standIns)
}

func (r reachFlags) stack(cmd *cobra.Command, f *flags) (*pack.Stack, error) {
	if r.manifests != "" {
		return objects.Read(r.manifests, f.stack)
	}
	opts := f.options(cmd)
	opts.Out = cmd.ErrOrStderr() // the report is alone on the output
	return reach.Rendered(cmd.Context(), opts)
}

// before is what to compare with; nil where nothing is.
func (r reachFlags) before(cmd *cobra.Command, f *flags) (*pack.Stack, error) {
	switch {
	case r.baseManifests != "":
		return objects.Read(r.baseManifests, r.baseManifests)
	case r.base != "":
		opts := f.options(cmd)
		opts.Out = cmd.ErrOrStderr()
		return reach.RenderedAt(cmd.Context(), opts, r.base)
	}
	return nil, nil //nolint:nilnil // nothing to compare with is no error
}

// width is that of the terminal, in letters.
func width(out io.Writer) int {
	if file, is := out.(*os.File); is {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return plainWidth
}
