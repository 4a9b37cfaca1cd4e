package engine

import (
	"fmt"
	"os/exec"

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

// hints are those for the cluster's kind of nodes.
func (s *Session) hints() []hint {
	variable := ""
	if s.Stack != DefaultStack {
		variable = " STACK=" + s.Stack
	}
	var hints []hint
	if s.nodes == cluster.Real {
		service := "backend"
		if _, is := s.Config.(*config.EddCloud); is {
			service = "gateway"
		}
		hints = []hint{
			{"make open" + variable, "see the page"},
			{"make logs" + variable + " SERVICE=" + service, "read what it says; ARGS=-f goes on"},
			{"make shell" + variable + " SERVICE=" + service, "look into its container"},
			{"make psql" + variable, "ask the database"},
		}
	}
	return append(hints,
		hint{"make preview" + variable, "change " + stackFile(s.Stack) + " first and see what would happen"},
		hint{"make down" + variable, "delete what was deployed"},
		hint{"make cluster-down" + variable, "stop the cluster and delete it"},
	)
}
