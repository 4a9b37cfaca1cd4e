package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"platform/tools/engine"
	"platform/tools/review"
	"platform/tools/revision"
	"platform/tools/toolchain"
)

// everyStack stands for all stacks that are deployed.
const everyStack = "all"

func newReview(f *flags) *cobra.Command {
	var base, view, out string
	cmd := &cobra.Command{
		Use: "review", Short: "Write what would happen to stacks, as data for comments and pages", Args: cobra.NoArgs,
		Long: `Preview stacks and write what would happen to them, as data that comment shows and
posts. It holds no secret value.

The view change compares the program with the one of --base: no cluster and no source
of secrets is asked, so that it works where nobody has access. The view cluster
compares it with what is deployed, as preview does.`,
		Example: `  platformctl review --stack prod --base origin/main --out prod.json
  platformctl review --stack dev,staging,prod --view cluster --out sections.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return errors.New("no file to write to; name one with --out")
			}
			sections, err := f.review(cmd, review.View(view), base)
			if err != nil {
				return err
			}
			return writeSections(out, sections)
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "revision of git to compare with, for the view change")
	cmd.Flags().StringVar(&view, "view", "", "what to compare with: change or cluster; empty means change where there is a base")
	cmd.Flags().StringVar(&out, "out", "", "file to write")
	return cmd
}

// review previews the stacks one after the other.
func (f *flags) review(cmd *cobra.Command, view review.View, base string) ([]review.Section, error) {
	if view == "" && base != "" {
		view = review.ViewChange
	}
	if view == "" {
		view = review.ViewCluster
	}
	root, err := toolchain.Root(f.root)
	if err != nil {
		return nil, err
	}
	r := reviewer{flags: f, cmd: cmd, view: view}
	if r.commit, err = revision.Head(cmd.Context(), root); err != nil {
		return nil, err
	}
	switch {
	case view == review.ViewChange && base == "":
		return nil, errors.New("view change: has no base to compare with; name a revision with --base (make comment BASE=rev)")
	case view == review.ViewChange:
		if r.base, err = revision.Checkout(cmd.Context(), root, base); err != nil {
			return nil, err
		}
		defer r.base.Close()
	case view == review.ViewCluster && base != "":
		return nil, fmt.Errorf("view %s: compares with what is deployed and not with %s; leave out --base", view, base)
	case view != review.ViewCluster:
		return nil, fmt.Errorf("view %q: is neither %s nor %s; choose one of them", view, review.ViewChange, review.ViewCluster)
	}
	stacks, err := f.stacks(root)
	if err != nil {
		return nil, err
	}
	var sections []review.Section
	for _, stack := range stacks {
		section, err := r.section(stack)
		if err != nil {
			return nil, fmt.Errorf("stack %s: %w", stack, err)
		}
		sections = append(sections, section)
	}
	return sections, nil
}

// stacks are those that the flag names: one, several with commas between, or
// all that are deployed to a cluster that is not embedded.
func (f *flags) stacks(root string) ([]string, error) {
	if f.stack != everyStack {
		return strings.Split(f.stack, ","), nil
	}
	files, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return nil, err
	}
	var stacks []string
	for _, file := range files {
		stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
		one := *f
		one.stack = stack
		cfg, err := one.config()
		if err != nil {
			return nil, err
		}
		if cfg.Shared().Cluster.Context != engine.EmbeddedContext(stack) {
			stacks = append(stacks, stack)
		}
	}
	return stacks, nil
}

// reviewer makes the sections of one command.
type reviewer struct {
	*flags

	cmd    *cobra.Command
	view   review.View
	commit string
	base   *revision.Revision // nil but in the view change
	args   []string           // of pulumi, in the view cluster
}

// section is that of one stack. A plan that cannot be made is a section that
// says why: the other stacks' are shown all the same.
func (r reviewer) section(stack string) (review.Section, error) {
	root, err := toolchain.Root(r.root)
	if err != nil {
		return review.Section{}, err
	}
	if _, err := os.Stat(filepath.Join(root, "Pulumi."+stack+".yaml")); err != nil {
		return review.Section{}, err // a name that is mistyped
	}
	begun := time.Now()
	section, err := r.plan(stack)
	if err == nil || r.cmd.Context().Err() != nil {
		return section, err
	}
	section = review.Section{
		Format: review.Format, Stack: stack, View: r.view, Commit: r.commit, Time: begun.UTC(), Took: time.Since(begun), Versions: map[string]string{}, Fault: err.Error(),
	}
	if r.base != nil {
		section.Base = r.base.Commit
	}
	return section, nil
}

func (r reviewer) plan(stack string) (review.Section, error) {
	opts := r.options(r.cmd)
	opts.Stack, opts.Out = stack, r.cmd.ErrOrStderr()
	fmt.Fprintf(opts.Out, "stack %s …\n", stack)
	if r.view == review.ViewChange {
		recording, err := engine.Compare(r.cmd.Context(), opts, r.base.Root)
		if err != nil {
			return review.Section{}, err
		}
		return r.read(stack, recording)
	}
	s, err := engine.Open(r.cmd.Context(), opts)
	if err != nil {
		return review.Section{}, err
	}
	record := func(ctx context.Context) (*engine.Recording, error) { return s.Record(ctx, r.args...) }
	if r.view == review.ViewDrift {
		record = s.RecordDrift
	}
	recording, err := record(r.cmd.Context())
	if err = errors.Join(err, s.Close()); err != nil {
		return review.Section{}, err
	}
	return r.read(stack, recording)
}

func (r reviewer) read(stack string, recording *engine.Recording) (review.Section, error) {
	defer recording.Close()
	one := *r.flags
	one.stack = stack
	cfg, err := one.config()
	if err != nil {
		return review.Section{}, err
	}
	events, err := recording.Events()
	if err != nil {
		return review.Section{}, err
	}
	defer events.Close()
	plan := review.Plan{
		Stack: stack, View: r.view, Commit: r.commit, Time: time.Now(), Took: recording.Took, Events: events, Config: cfg, Failure: recording.Failure,
	}
	if r.base != nil {
		plan.Base = r.base.Commit
	}
	section, err := review.New(plan)
	if section.Versions == nil {
		section.Versions = map[string]string{}
	}
	maps.Copy(section.Versions, recording.Versions)
	return section, err
}

func writeSections(path string, sections []review.Section) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(review.Write(file, sections), file.Close())
}

// readSections reads the files of several jobs: each stack's views in the order
// of the files.
func readSections(paths []string) ([]review.Section, error) {
	var all []review.Section
	var faults []error
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		sections, err := review.Read(file)
		if err = errors.Join(err, file.Close()); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", path, err))
		}
		all = append(all, sections...)
	}
	slices.SortStableFunc(all, func(a, b review.Section) int { return strings.Compare(a.Stack, b.Stack) })
	return all, errors.Join(faults...)
}
