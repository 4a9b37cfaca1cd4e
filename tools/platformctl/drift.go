package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"platform/tools/engine"
	"platform/tools/review"
	"platform/tools/revision"
	"platform/tools/toolchain"
)

// The exit codes of drift if there is no error and something to report.
const (
	exitDrift   = 3 // the cluster is not as it was deployed
	exitChanges = 4 // the program is not what was deployed
	exitBoth    = 5
)

func newDrift(f *flags) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "drift", Short: "Tell what somebody changed in the cluster apart from what the program changes", Args: cobra.NoArgs,
		Long: `Compare the cluster with what was deployed, and what was deployed with the program.
Nothing is written: neither the cluster, nor the state. The two together are what
pulumi preview --refresh finds, which does not tell them apart.`,
		Example: `  platformctl drift --stack dev
  platformctl drift --stack all --out drift.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sections, err := f.drift(cmd)
			if err != nil {
				return err
			}
			if out != "" {
				if err := writeSections(out, sections, f.known); err != nil {
					return err
				}
			}
			printSections(cmd.OutOrStdout(), sections, f.known)
			return drifted(sections, func(stack, target string) string {
				opts := f.options(cmd)
				opts.Stack = stack
				return opts.MakeLine(target)
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write the same to, as data for comment issue")
	codes := fmt.Sprintf("  0  nothing differs\n  1  an error\n  %d  the cluster differs\n  %d  the program differs\n  %d  both do", exitDrift, exitChanges, exitBoth)
	return explain(cmd, codes, ofClusters)
}

// drift is two sections a stack: the cluster's and the program's.
func (f *flags) drift(cmd *cobra.Command) ([]review.Section, error) {
	root, err := toolchain.Root(f.root)
	if err != nil {
		return nil, err
	}
	commit := revision.Head(cmd.Context(), root)
	stacks, err := f.stacks(root)
	if err != nil {
		return nil, err
	}
	var sections []review.Section
	for _, stack := range stacks {
		cluster := reviewer{flags: f, cmd: cmd, view: review.ViewDrift, commit: commit}.section(stack)
		program := reviewer{flags: f, cmd: cmd, view: review.ViewCluster, commit: commit}.beside(stack, cluster)
		sections = append(sections, cluster, program)
	}
	return sections, nil
}

// beside is what the program changes beside what the cluster has otherwise. No
// preview can be made of a change to an object that is gone, so where one fails,
// it is made again without those. That the program changes them is known: of
// what it does not change, the engine does not ask the cluster.
func (r reviewer) beside(stack string, cluster review.Section) review.Section {
	section := r.section(stack)
	if section.Error == "" {
		return section
	}
	gone := map[string]bool{}
	for _, change := range cluster.Changes {
		if change.Op == review.OpDelete {
			gone[change.URN] = true
			r.args = append(r.args, "--exclude", change.URN)
		}
	}
	if len(gone) == 0 {
		return section
	}
	others := r.section(stack)
	if others.Error != "" {
		return section
	}
	for _, change := range section.Changes {
		if gone[change.URN] {
			others.Changes = append(others.Changes, change)
		}
	}
	return others
}

// drifted is the outcome: nil where nothing differs, else an error or a status.
// Call is how a target of make is called for a stack.
func drifted(sections []review.Section, call func(stack, target string) string) error {
	var cluster, program, back, deploy []string
	for _, s := range sections {
		switch {
		case s.Error != "":
			return fmt.Errorf("stack %s: nobody knows whether it drifted: %s", s.Stack, s.Error)
		case len(s.Changes) == 0:
		case s.View == review.ViewDrift:
			cluster = append(cluster, fmt.Sprintf("%s (%d objects)", s.Stack, len(s.Changes)))
			back = append(back, fmt.Sprintf("%s and then %s %s", call(s.Stack, "refresh"), engine.TakeFields, call(s.Stack, "up")))
		default:
			program = append(program, fmt.Sprintf("%s (%d resources)", s.Stack, len(s.Changes)))
			deploy = append(deploy, call(s.Stack, "up"))
		}
	}
	differ := fmt.Sprintf("the cluster is not as it was deployed: %s; %s put back what the program says (the variable takes back fields that somebody has set by hand); what is to stay as it is, the program has to say", strings.Join(cluster, ", "), strings.Join(back, "; "))
	changed := fmt.Sprintf("the program is not what was deployed: %s; deploy it with %s", strings.Join(program, ", "), strings.Join(deploy, "; "))
	switch {
	case len(cluster) > 0 && len(program) > 0:
		return status{code: exitBoth, what: differ + "\n" + changed}
	case len(cluster) > 0:
		return status{code: exitDrift, what: differ}
	case len(program) > 0:
		return status{code: exitChanges, what: changed}
	}
	return nil
}
