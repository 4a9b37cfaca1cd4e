package post

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// Run is the run of a workflow that rendered a body. Of two the one with the
// greater ID is newer, then the one with the greater attempt: an old run that
// is started again stays older than what came after it. The run's number is
// no measure, as it begins again when a workflow is renamed, and neither is a
// commit's time, which anybody can set. Take it from the workflow's own
// environment (GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT) or event
// (workflow_run.id, workflow_run.run_attempt), never from an artifact.
type Run struct {
	ID      int64
	Attempt int64
}

func (r Run) String() string { return fmt.Sprintf("%d.%d", r.ID, r.Attempt) }

// newer reports whether a run came after another. What is of no run is of none
// after it.
func (r Run) newer(than Run) bool {
	return cmp.Or(cmp.Compare(r.ID, than.ID), cmp.Compare(r.Attempt, than.Attempt)) > 0
}

// longestStamp is the most that a stamp takes: its frame, two numbers of 19
// digits, and a hash of 64 with what marks a dirty checkout.
const longestStamp = len("<!-- platform-review-run . +changes -->\n") + 19 + 19 + 64

var stampForm = regexp.MustCompile(`^[^\n]*\n<!-- platform-review-run (\d{1,19})\.(\d{1,19}) ([0-9a-f]{7,64}(?:\+changes)?|-) -->\r?\n`)

// stamped is a body as it is written: after the key comes a second hidden line,
// which names run and commit. It stands where nothing in the body can stand, so
// that a body cannot speak for another run.
func (o Options) stamped(body string) string {
	if o.Run == (Run{}) || !begins(body, o.Key) {
		return body
	}
	commit := o.Commit
	if commit == "" {
		commit = "-"
	}
	rest := body[len(o.Key):]
	if rest == "" {
		rest = "\n"
	}
	return fmt.Sprintf("%s\n<!-- platform-review-run %s %s -->%s", o.Key, o.Run, commit, rest)
}

func runOf(text string) Run {
	run, _ := stampOf(text)
	return run
}

// stampOf reads the second line of a text; none is a run that every other is
// newer than.
func stampOf(text string) (run Run, commit string) {
	found := stampForm.FindStringSubmatch(text)
	if found == nil {
		return Run{}, ""
	}
	id, err := strconv.ParseInt(found[1], 10, 64)
	attempt, err2 := strconv.ParseInt(found[2], 10, 64)
	if err != nil || err2 != nil {
		return Run{}, ""
	}
	return Run{ID: id, Attempt: attempt}, found[3]
}
