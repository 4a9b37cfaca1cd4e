package engine

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// answers are the arguments that answer a question before it is asked.
var answers = []string{"--yes", "-y", "--skip-preview", "-f"}

// announce previews what up would do and asks whether it may. Pulumi would do
// both by itself, but its diff shows what a value was that becomes secret, and it
// knows no waivers.
//
// While the question stands, the program, the stack file or the cluster may
// change. So after the answer it plans again, and that is to be what was shown.
func (s *Session) announce(ctx context.Context, policed []string, args ...string) error {
	shown, err := s.plannable(ctx, args)
	if err != nil {
		return err
	}
	if slices.Contains(args, "--diff") {
		shown = append(shown, "--diff")
	}
	if err := s.Preview(ctx, shown...); err != nil {
		return err
	}
	if err := s.asApproved(); err != nil {
		return err
	}
	if slices.Contains(args, "--yes") || slices.Contains(args, "-y") {
		return nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return fmt.Errorf("there is no terminal to ask on, so stack %s stays as it is: read the preview, then add ARGS=--yes", s.Stack)
	}
	fmt.Fprintf(s.out, "\nDeploy this to stack %s? Type its name to go on: ", s.Stack)
	if err := agreed(bufio.NewReader(os.Stdin), s.Stack); err != nil {
		return err
	}
	shownPlan := s.last.changes
	if err := s.gate(ctx, policed...); err != nil {
		return err
	}
	return s.unlike(shownPlan, "run it again and read the new preview")
}

// agreed is an error unless the answer is the name of the stack.
func agreed(from *bufio.Reader, stack string) error {
	answer, err := from.ReadString('\n')
	if strings.TrimSpace(answer) == stack {
		return nil
	}
	if err != nil {
		return fmt.Errorf("no answer, so stack %s stays as it is: %w", stack, err)
	}
	return fmt.Errorf("that is not %q, so stack %s stays as it is", stack, stack)
}
