package engine

import (
	"fmt"
	"os/exec"

	"github.com/kballard/go-shellquote"

	"platform/config"
	"platform/tools/cluster"
)

// hint is a command, and what it is good for.
type hint struct{ command, what string }

// Hints prints what to try next on an embedded cluster, and on real nodes where
// the page is.
func (s *Session) Hints() {
	if !s.cluster {
		return
	}
	hints := s.hints()
	width := 0
	for _, one := range hints {
		width = max(width, len(one.command))
	}
	fmt.Fprintln(s.out, "\nWhat to try next:")
	for _, one := range hints {
		fmt.Fprintf(s.out, "  %-*s   %s\n", width, one.command, one.what)
	}
	kubectl := "kubectl"
	if _, err := exec.LookPath(kubectl); err != nil {
		kubectl = s.tools.Kubectl()
	}
	fmt.Fprintf(s.out, "  %s --kubeconfig %s get pods -n %s\n", kubectl, s.kubeconfig, s.Config.Namespace())
	if p, err := s.page(); s.nodes == cluster.Real && err == nil {
		fmt.Fprintf(s.out, "\nThe page, with a certificate of %s:\n  %s\n", p.ca, p.url())
	}
}

// MakeLine is how a target of make is called for the stack and the context of these
// options, with further variables, each as NAME=value.
func (o Options) MakeLine(target string, more ...string) string {
	call := "make " + target + " " + shellquote.Join("STACK="+o.Stack)
	if o.Context != "" {
		more = append([]string{"CONTEXT=" + o.Context}, more...)
	}
	for _, variable := range more {
		call += " " + shellquote.Join(variable)
	}
	return call
}

func (s *Session) makeLine(target string, more ...string) string {
	return Options{Stack: s.Stack, Context: s.instead}.MakeLine(target, more...)
}

// hints are those for the cluster's kind of nodes.
func (s *Session) hints() []hint {
	var hints []hint
	if s.nodes == cluster.Real {
		service := "backend"
		if _, is := s.Config.(*config.EddCloud); is {
			service = "gateway"
		}
		hints = []hint{
			{s.makeLine("open"), "see the page"},
			{s.makeLine("logs", "SERVICE="+service), "read what it says; ARGS=-f goes on"},
			{s.makeLine("shell", "SERVICE="+service), "look into its container"},
			{s.makeLine("psql"), "ask the database"},
		}
	}
	return append(hints,
		hint{s.makeLine("preview"), "change " + stackFile(s.Stack) + " first and see what would happen"},
		hint{s.makeLine("down"), "delete what was deployed"},
		hint{s.makeLine("cluster-down"), "stop the cluster and delete it"},
	)
}
