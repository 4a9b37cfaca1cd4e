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

	"platform/policy/secret"
	"platform/tools/engine"
	"platform/tools/review"
	"platform/tools/revision"
	"platform/tools/toolchain"
)

// everyStack stands for all stacks that are deployed.
const everyStack = "all"

// exitNoPlan is the exit code of a review that lacks the plan of at least one
// stack; it is stronger than exitRefused.
const exitNoPlan = 1

func newReview(f *flags) *cobra.Command {
	var base, view, out string
	var annotate bool
	cmd := &cobra.Command{
		Use: "review", Short: "Write what would happen to stacks, as data for comments and pages", Args: cobra.NoArgs,
		Long: `Preview stacks and write what would happen to them, as data that comment shows and
posts. It holds no secret value.

The view change compares the program with the one of --base: no cluster and no source
of secrets is asked, so that it works where nobody has access. The view cluster
compares it with what is deployed, as preview does.

The file is written in every case, and says of each stack what is known.`,
		Example: `  platformctl review --stack prod --base origin/main --out prod.json
  platformctl review --stack dev,staging,prod --view cluster --out sections.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return errors.New("no file to write to; name one with --out")
			}
			sections, err := f.review(cmd, review.View(view), base)
			if problem := writeSections(out, sections, f.known); problem != nil {
				err = errors.Join(err, problem)
			}
			if err == nil {
				err = checked(sections)
			}
			return annotated(err, annotate)
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "revision of git to compare with, for the view change")
	cmd.Flags().StringVar(&view, "view", "", "what to compare with: change or cluster; empty means change where there is a base")
	cmd.Flags().StringVar(&out, "out", "", "file to write")
	annotateFlag(cmd, &annotate)
	cmd.AddCommand(newCheck())
	return explain(cmd, reviewing, ofClusters)
}

func annotateFlag(cmd *cobra.Command, annotate *bool) {
	cmd.Flags().BoolVar(annotate, "annotate", false, "say what is refused, and why there is no plan, as ::error:: lines of GitHub's workflows")
}

// newCheck checks what an earlier step or job has planned.
func newCheck() *cobra.Command {
	var annotate bool
	cmd := &cobra.Command{
		Use: "check FILE...", Short: "Check what review wrote, with the exit code of the review", Args: cobra.MinimumNArgs(1),
		Long: `Check what review wrote, without planning again. It prints one line, changes=true or
changes=false, in the form of a workflow's outputs.`,
		Example: `  platformctl review check prod.json
  platformctl review check --annotate sections`,
		RunE: func(cmd *cobra.Command, args []string) error {
			sections, err := readSections(args)
			if err == nil {
				err = checked(sections)
			}
			if err != nil {
				return annotated(err, annotate)
			}
			changes := slices.ContainsFunc(sections, func(s review.Section) bool { return len(s.Changes) > 0 })
			fmt.Fprintf(cmd.OutOrStdout(), "changes=%t\n", changes)
			return nil
		},
	}
	annotateFlag(cmd, &annotate)
	return explain(cmd, reviewing, nil)
}

// checked is how a review ends: nil where nothing is refused, else a status that
// says each reason with its stack.
func checked(sections []review.Section) error {
	outcome := status{code: exitRefused}
	var said []string
	for _, s := range sections {
		if s.Error != "" {
			outcome.code = exitNoPlan
			said = append(said, fmt.Sprintf("stack %s: there is no whole plan: %s", s.Stack, s.Error))
		}
		for _, refusal := range s.Refusals() {
			said = append(said, fmt.Sprintf("stack %s: %s", s.Stack, refusal))
		}
	}
	if len(sections) == 0 {
		outcome.code = exitNoPlan
		said = append(said, "there is no plan of any stack")
	}
	if len(said) == 0 {
		return nil
	}
	outcome.what = strings.Join(said, "\n")
	outcome.lines = said
	return outcome
}

// review previews the stacks one after the other. There is a section for each
// of them in every case; an error is reported in each, too.
func (f *flags) review(cmd *cobra.Command, view review.View, base string) ([]review.Section, error) {
	r := reviewer{flags: f, cmd: cmd, view: view}
	if view == "" {
		r.view = review.ViewCluster
		if base != "" {
			r.view = review.ViewChange
		}
	}
	stacks, err := r.prepare(base)
	if r.base != nil {
		defer r.base.Close()
	}
	if stacks == nil {
		stacks = strings.Split(f.stack, ",")
	}
	var sections []review.Section
	for _, stack := range stacks {
		if err != nil {
			sections = append(sections, r.without(stack, err))
			continue
		}
		sections = append(sections, r.section(stack))
	}
	return sections, err
}

// prepare finds the revisions and the stacks of a review.
func (r *reviewer) prepare(base string) (stacks []string, err error) {
	switch {
	case r.view != review.ViewChange && r.view != review.ViewCluster:
		return nil, fmt.Errorf("view %q: is neither %s nor %s; choose one of them", r.view, review.ViewChange, review.ViewCluster)
	case r.view == review.ViewChange && base == "":
		return nil, errors.New("view change: has no base to compare with; name a revision with --base (make comment BASE=rev)")
	case r.view == review.ViewCluster && base != "":
		return nil, fmt.Errorf("view %s: compares with what is deployed and not with %s; leave out --base", r.view, base)
	}
	root, err := toolchain.Root(r.root)
	if err != nil {
		return nil, err
	}
	r.commit = revision.Head(r.cmd.Context(), root)
	if stacks, err = r.stacks(root); err != nil {
		return nil, err
	}
	if r.view == review.ViewChange {
		r.base, err = revision.Checkout(r.cmd.Context(), root, base)
	}
	return stacks, err
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
func (r reviewer) section(stack string) review.Section {
	begun := time.Now()
	section, err := r.plan(stack)
	if err != nil {
		section = r.without(stack, err)
		section.Time, section.Took = begun.UTC(), time.Since(begun)
	}
	return section
}

// without is the section of a stack of which there is no plan.
func (r reviewer) without(stack string, why error) review.Section {
	section := review.Section{
		Format: review.Format, Stack: stack, View: r.view, Commit: r.commit, Time: time.Now().UTC(), Versions: map[string]string{}, Error: why.Error(),
	}
	if r.base != nil {
		section.Base = r.base.Commit
	}
	return section
}

func (r reviewer) plan(stack string) (review.Section, error) {
	if err := r.cmd.Context().Err(); err != nil {
		return review.Section{}, err // a stack before this one was interrupted
	}
	root, err := toolchain.Root(r.root)
	if err != nil {
		return review.Section{}, err
	}
	if _, err := os.Stat(filepath.Join(root, "Pulumi."+stack+".yaml")); err != nil {
		return review.Section{}, err // a name that is mistyped
	}
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
		Stack: stack, View: r.view, Commit: r.commit, Time: time.Now(), Took: recording.Took, Events: events, Config: cfg, Known: r.known, Failure: recording.Failure,
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

// writeSections writes sections for other jobs and readers, after the last scan
// for secrets.
func writeSections(path string, sections []review.Section, known *secret.Known) error {
	review.Redact(sections, known)
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(review.Write(file, sections), file.Close())
}

// readSections reads the files of several jobs, or those of a folder: each
// stack's views in the order of the files.
func readSections(paths []string) ([]review.Section, error) {
	var all []review.Section
	var problems []error
	for _, path := range paths {
		files := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			files, _ = filepath.Glob(filepath.Join(path, "*.json")) // fails for a faulty pattern alone
		}
		for _, name := range files {
			file, err := os.Open(name)
			if err != nil {
				problems = append(problems, err)
				continue
			}
			sections, err := review.Read(file)
			if err = errors.Join(err, file.Close()); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
			all = append(all, sections...)
		}
	}
	slices.SortStableFunc(all, byStack)
	return all, errors.Join(problems...)
}

func byStack(a, b review.Section) int { return strings.Compare(a.Stack, b.Stack) }
