package workflows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// triggers are what may start each workflow. Events that run in the name of
// the repository at a stranger's word, such as pull_request_target or
// issue_comment, are not among them.
var triggers = map[string][]string{
	"test.yml":    {"pull_request", "push"},
	"preview.yml": {"pull_request"},
	"comment.yml": {"workflow_run"},
	"up.yml":      {"workflow_call"},
	"deploy.yml":  {"push", "workflow_dispatch"},
	"drift.yml":   {"schedule", "workflow_dispatch"},
	"image.yml":   {"workflow_dispatch"},
	"gitops.yml":  {"pull_request", "push"},

	"vulnerabilities.yml": {"schedule", "workflow_dispatch"},
}

func events(all []workflow) (problems []string) {
	for _, w := range all {
		if !slices.Equal(triggers[w.file], w.events()) {
			problems = append(problems, fmt.Sprintf("%s: is started by %v where the table says %v", w.file, w.events(), triggers[w.file]))
		}
	}
	return problems
}

// Conditions that no pull request of a fork meets, in the words in which they
// are written. Each has to hold whatever else does.
const (
	ownBranch = "github.event.pull_request.head.repo.full_name == github.repository"
	isPush    = "github.event_name == 'push'"
)

// keptFromForks reports whether a job's condition shuts forks out.
func (j job) keptFromForks() bool {
	if strings.Contains(j.If, "||") {
		return false
	}
	parts := strings.Split(strings.TrimSpace(j.If), " && ")
	return slices.Contains(parts, ownBranch) || slices.Contains(parts, isPush)
}

var secretContext = regexp.MustCompile(`\bsecrets\b`)

// forks: what a fork's pull request starts has nothing that is worth taking.
func forks(all []workflow) (problems []string) {
	for _, w := range all {
		if !w.startedBy("pull_request") {
			continue
		}
		for name, value := range w.Env {
			if secretContext.MatchString(value) {
				problems = append(problems, fmt.Sprintf("%s: its variable %s hands a secret to every job", w.file, name))
			}
		}
		for _, j := range jobs([]workflow{w}) {
			if !j.keptFromForks() {
				problems = append(problems, j.worthTaking()...)
			}
		}
	}
	return problems
}

func (j job) worthTaking() (problems []string) {
	add := func(what string) {
		problems = append(problems, j.name()+": a fork starts it, and it "+what+"; take that away, or write the condition "+ownBranch)
	}
	if secretContext.MatchString(j.text) {
		add("names secrets")
	}
	if j.environment() != "" {
		add("has an environment")
	}
	for scope, access := range j.Permissions {
		if access == "write" {
			add("has " + scope + ": write")
		}
	}
	for _, label := range j.labels() {
		if !strings.HasPrefix(label, "ubuntu-") {
			add("runs on a machine of ours")
			break
		}
	}
	if j.Uses != "" {
		add("calls another workflow")
	}
	for _, s := range j.Steps {
		if strings.Contains(s.Uses, "actions/credentials") || strings.Contains(s.Uses, "Infisical/") {
			add("takes credentials")
		}
	}
	return problems
}

// afterwards are the beginnings of what a job may run once it has taken an
// artifact of a pull request.
var afterwards = []string{"bin/platformctl comment post "}

// answering: what answers another run has rights, so it runs the default
// branch, and takes data from the other run that it does not execute.
func answering(all []workflow) (problems []string) {
	for _, w := range all {
		if !w.startedBy("workflow_run") {
			continue
		}
		for _, j := range jobs([]workflow{w}) {
			add := func(what string) { problems = append(problems, j.name()+": answers another run, and "+what) }
			if j.Uses != "" {
				add("calls a workflow")
			}
			taken := false
			for _, s := range j.Steps {
				switch {
				case strings.HasPrefix(s.Uses, "actions/checkout@"):
					if s.With["ref"] != "" || s.With["repository"] != "" || taken {
						add("checks out something else than the default branch, or after the artifact came")
					}
				case strings.HasPrefix(s.Uses, "actions/download-artifact@"):
					taken = true
					if !strings.HasPrefix(s.With["path"], "${{ runner.temp }}/") {
						add("puts the artifact into the checkout")
					}
				case taken && s.Uses != "":
					add("uses " + s.Uses + " after the artifact came")
				case taken && !harmless(s.Run):
					add("runs what may be the artifact's: " + s.Run)
				}
			}
		}
	}
	return problems
}

// harmless reports whether a script is the one command that reads data.
func harmless(script string) bool {
	return !strings.ContainsAny(strings.TrimSpace(script), "\n;|&`") && !strings.Contains(script, "$(") &&
		slices.ContainsFunc(afterwards, func(begin string) bool { return strings.HasPrefix(script, begin) })
}
