package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"

	"golang.org/x/term"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// Exit is the exit code of a program that was run for the user, which has said
// itself what is wrong.
type Exit struct{ Code int }

func (e Exit) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// endedByUser is the exit code of a program that Ctrl-C ended.
const endedByUser = 130

// streams are what a program that the user works with is attached to.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// terminal reports whether a user sits at both ends.
func (s streams) terminal() bool { return isTerminal(s.in) && isTerminal(s.out) }

func isTerminal(stream any) bool {
	file, is := stream.(*os.File)
	return is && term.IsTerminal(int(file.Fd()))
}

// Use prepares a session for what a stack runs already: nothing is deployed and
// no cluster is started. An embedded cluster has to have real nodes, for on
// simulated ones no container runs.
func Use(ctx context.Context, opts Options) (*Session, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	s.attached = streams{os.Stdin, os.Stdout, os.Stderr}
	if !s.cluster {
		return s, nil
	}
	if err := s.findHome(); err != nil {
		return nil, err
	}
	state, err := cluster.Status(s.clusterDir())
	if err != nil {
		return nil, err
	}
	if err := s.usable(state); err != nil {
		return nil, err
	}
	s.nodes, s.kubeconfig = state.Nodes, state.Kubeconfig
	s.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: []toolchain.Name{toolchain.Kubernetes}, Out: s.out})
	return s, err
}

// usable is why nobody can look into the containers of an embedded cluster.
func (s *Session) usable(state cluster.State) error {
	switch {
	case !state.Running:
		return fmt.Errorf("the embedded cluster of stack %s does not run; start it with %s", s.Stack, s.makeLine("up"))
	case !state.Ready:
		return fmt.Errorf("the embedded cluster of stack %s is starting; wait for it, and see %s if that takes minutes", s.Stack, state.Log)
	case state.Nodes != cluster.Real:
		return fmt.Errorf("stack %s: the nodes of its embedded cluster are simulated, so no container runs there; for real ones, as root on Linux: %s, then %s",
			s.Stack, s.makeLine("cluster-down"), s.makeLine("up", "NODES="+string(cluster.Real)))
	}
	return nil
}

// kubectlPath is the program: that of the embedded cluster's version for one,
// the user's own, which has the plugins for logging in, for another.
func (s *Session) kubectlPath(ctx context.Context) (string, error) {
	if s.tools == nil {
		if path, err := exec.LookPath("kubectl"); err == nil {
			return path, nil
		}
		var err error
		s.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: []toolchain.Name{toolchain.Kubernetes}, Out: s.out})
		if err != nil {
			return "", err
		}
	}
	return s.tools.Kubectl(), nil
}

// kubectl runs a command in the stack's namespace, attached to the user's
// terminal. Where it ends with an exit code, that is the error: an [Exit].
func (s *Session) kubectl(ctx context.Context, on streams, args ...string) error {
	path, err := s.kubectlPath(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, slices.Concat(s.target(), args)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = on.in, on.out, on.err
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	err = cmd.Run()
	var ended *exec.ExitError
	switch {
	case err != nil && ctx.Err() != nil:
		return Exit{endedByUser}
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		return Exit{ended.ExitCode()}
	case errors.As(err, &ended):
		return Exit{endedByUser}
	case err != nil:
		return fmt.Errorf("kubectl: %w", err)
	}
	return nil
}

// target are the flags of kubectl that lead to the stack.
func (s *Session) target() []string {
	args := []string{"--context", s.context, "--namespace", s.Config.Namespace()}
	if s.kubeconfig != "" {
		args = append(args, "--kubeconfig", s.kubeconfig)
	}
	return args
}

// consent asks before somebody enters what a protected stack runs. Without a
// terminal nobody does, whatever the arguments say: one that a script has at
// hand would be in every script.
func (s *Session) consent(what string) error {
	if s.cluster || !s.Config.Shared().Protect {
		return nil
	}
	if !s.attached.terminal() {
		return fmt.Errorf("stack %s is protected, and there is no terminal to ask on, so nobody enters it; run this on one, or kubectl by hand", s.Stack)
	}
	fmt.Fprintf(s.attached.out, "Stack %s is protected. Type its name to open %s: ", s.Stack, what)
	return agreed(bufio.NewReader(s.attached.in), s.Stack)
}
