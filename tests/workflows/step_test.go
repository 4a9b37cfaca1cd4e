package workflows

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var (
	pinned  = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	version = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
)

// pins: every action of others is one commit, with its version beside it, and
// the same one everywhere.
func (r repository) pins() (problems []string) {
	first := map[string]used{}
	for _, u := range r.uses() {
		if strings.HasPrefix(u.what, "./") {
			continue
		}
		name, _, _ := strings.Cut(u.what, "@")
		before, seen := first[name]
		switch {
		case !pinned.MatchString(u.what):
			problems = append(problems, fmt.Sprintf("%s: %s is not pinned by a commit's 40 digits", u.file, u.what))
		case !version.MatchString(u.comment):
			problems = append(problems, fmt.Sprintf("%s: %s has no comment with its version, such as # v1.2.3", u.file, u.what))
		case seen && (before.what != u.what || before.comment != u.comment):
			problems = append(problems, fmt.Sprintf("%s: %s %s is another one than in %s", u.file, u.what, u.comment, before.file))
		}
		if !seen {
			first[name] = u
		}
	}
	return problems
}

// scripts: whatever others may write reaches a script as a variable and never
// as a part of it, and a script ends at its first error.
func (r repository) scripts(t *testing.T) (problems []string) {
	t.Helper()
	for where, steps := range r.steps(t) {
		for _, s := range steps {
			if strings.Contains(s.Run, "${{") {
				problems = append(problems, where+": has an expression in a script; hand it over in env")
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
				problems = append(problems, where+": leaves its token in the checkout; set persist-credentials: false")
			}
			if strings.HasPrefix(s.Uses, "actions/github-script@") {
				problems = append(problems, where+": has a script that is not tested; call platformctl")
			}
			if strings.HasPrefix(where, "actions/") && s.Run != "" && s.Shell != "bash" {
				problems = append(problems, where+": a step has another shell than bash")
			}
		}
	}
	for _, w := range r.workflows(t) {
		for _, j := range w.Jobs {
			if j.Uses == "" && w.Defaults.Run.Shell != "bash" {
				problems = append(problems, w.file+": its default shell is not bash, so an error within a pipe is not seen")
				break
			}
		}
	}
	return problems
}

// timeouts: no job runs for the six hours that are the default.
func timeouts(all []workflow) (problems []string) {
	for _, j := range jobs(all) {
		if j.Uses == "" && (j.TimeoutMinutes < 1 || j.TimeoutMinutes > 180) {
			problems = append(problems, fmt.Sprintf("%s: may run for %d minutes; write 1 to 180", j.name(), j.TimeoutMinutes))
		}
	}
	return problems
}
