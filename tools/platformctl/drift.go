package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"platform/tools/review"
	"platform/tools/revision"
	"platform/tools/toolchain"
)

// The exit codes of drift where there is no fault and something to tell.
const (
	exitDrift   = 3 // the cluster is not as it was deployed
	exitChanges = 4 // the program is not what was deployed
	exitBoth    = 5
)

func newDrift(f *flags) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "drift", Short: "Tell what somebody changed in the cluster apart from what the program changes", Args: cobra.NoArgs,
		Long: fmt.Sprintf(`Compare the cluster with what was deployed, and what was deployed with the program.
Nothing is written: neither the cluster, nor the state. The two together are what
pulumi preview --refresh finds, which does not tell them apart.

Exit codes: 0 nothing differs, %d the cluster does, %d the program does, %d both do, 1 a fault.`, exitDrift, exitChanges, exitBoth),
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
			return drifted(sections)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write the same to, as data for comment issue")
	return cmd
}

// drift is two sections a stack: the cluster's and the program's.
func (f *flags) drift(cmd *cobra.Command) ([]review.Section, error) {
	root, err := toolchain.Root(f.root)
	if err != nil {
		return nil, err
	}
	commit, err := revision.Head(cmd.Context(), root)
	if err != nil {
		return nil, err
	}
	stacks, err := f.stacks(root)
	if err != nil {
		return nil, err
	}
	var sections []review.Section
	for _, stack := range stacks {
		for _, view := range []review.View{review.ViewDrift, review.ViewCluster} {
			sections = append(sections, reviewer{flags: f, cmd: cmd, view: view, commit: commit}.section(stack))
		}
	}
	return sections, nil
}

// drifted is the outcome: nil where nothing differs, else a fault or a status.
func drifted(sections []review.Section) error {
	var cluster, program []string
	for _, s := range sections {
		switch {
		case s.Fault != "":
			return fmt.Errorf("stack %s: nobody knows whether it drifted: %s", s.Stack, s.Fault)
		case len(s.Changes) == 0:
		case s.View == review.ViewDrift:
			cluster = append(cluster, fmt.Sprintf("%s (%d objects)", s.Stack, len(s.Changes)))
		default:
			program = append(program, fmt.Sprintf("%s (%d resources)", s.Stack, len(s.Changes)))
		}
	}
	differ := fmt.Sprintf("the cluster is not as it was deployed: %s; make up STACK=... puts back what the program says, make refresh keeps what is there", strings.Join(cluster, ", "))
	changed := fmt.Sprintf("the program is not what was deployed: %s; make up STACK=... deploys it", strings.Join(program, ", "))
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
