package post

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

const (
	openingIssue = "POST /repos/*/*/issues"
	editingIssue = "PATCH /repos/*/*/issues/*"
)

func (w *world) issue(t *testing.T, body string, open bool) string {
	t.Helper()
	url, err := Issue(t.Context(), w.Options, " Drift of prod ", text(body), open)
	require.NoError(t, err)
	return url
}

// state is that of an issue, with its reason.
func (w *world) state(i int) string {
	issue := w.Issues(repository)[i]
	return strings.TrimSpace(issue.GetState() + " " + issue.GetStateReason())
}

func (w *world) body(i int) string { return w.Issues(repository)[i].GetBody() }

func TestIssueThroughItsLife(t *testing.T) {
	w := newWorld(t)
	assert.Empty(t, w.issue(t, "nothing", false), "no drift, no issue")
	assert.Empty(t, w.Issues(repository))

	url := w.issue(t, "one", true)
	require.Len(t, w.Issues(repository), 1)
	assert.Equal(t, "Drift of prod", w.Issues(repository)[0].GetTitle())
	assert.Equal(t, w.URL()+"edd/cloud/issues/13", url)

	assert.Equal(t, url, w.issue(t, "one", true))
	assert.Equal(t, 0, w.Count(editingIssue), "it says so already")

	for _, step := range []struct {
		body        string
		open        bool
		want, state string
	}{
		{"two", true, stampedText(701, "two"), "open"},
		{"it is over", false, stampedText(702, "it is over"), "closed completed"},
		{"still over", false, stampedText(702, "it is over"), "closed completed"},
		{"again", true, stampedText(704, "again"), "open reopened"},
	} {
		w.Options = w.of(w.Run.ID + 1)
		assert.Equal(t, url, w.issue(t, step.body, step.open))
		assert.Equal(t, step.want, w.body(0))
		assert.Equal(t, step.state, w.state(0))
	}
	w.Close(repository, 13)
	w.issue(t, "again", true)
	assert.Equal(t, "open reopened", w.state(0), "closed by somebody")
	require.Len(t, w.Issues(repository), 1)
}

func TestIssueOfANewerRun(t *testing.T) {
	w := newWorld(t)
	w.Issue(repository, githubtest.Actions, "Drift of prod", stampedText(900, "newer"))
	w.issue(t, "older", true)
	w.issue(t, "older", false)
	assert.Equal(t, stampedText(900, "newer"), w.body(0))
	assert.Equal(t, "open", w.state(0))
}

// Ours is found on whatever page, and what is not ours is left alone: others'
// issues with our key, our own issues without it, and pull requests.
func TestIssueAmongMany(t *testing.T) {
	w := newWorld(t)
	w.Issue(repository, githubtest.Actions, "Drift of prod", text("old"))
	w.Issue(repository, someone, "Drift of prod", text("quoted"))
	for i := range 250 {
		w.Issue(repository, githubtest.Actions, fmt.Sprint(i), "> "+text("quoted"))
	}
	w.issue(t, "new", true)
	require.Len(t, w.Issues(repository), 252)
	assert.Equal(t, stampedText(700, "new"), w.body(0))
	assert.Equal(t, 1, w.Count(editingIssue))
}

func TestSeveralIssues(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"a", "b", "c"} {
		w.Issue(repository, githubtest.Actions, "Drift of prod", text(body))
	}
	w.Close(repository, 15)
	w.issue(t, "new", true)
	assert.Equal(t, stampedText(700, "new"), w.body(0))
	assert.Equal(t, []string{"open", "closed not_planned", "closed"}, []string{w.state(0), w.state(1), w.state(2)})
	before := w.Count(editingIssue)
	w.issue(t, "new", true)
	assert.Equal(t, before, w.Count(editingIssue))
}

func TestLostIssue(t *testing.T) {
	w := newWorld(t)
	w.Script(openingIssue, w.lose)
	w.issue(t, "x", true)
	w.Script(editingIssue, w.lose, page(502))
	w.issue(t, "y", false)
	require.Len(t, w.Issues(repository), 1)
	assert.Equal(t, "closed completed", w.state(0))
}

func TestIssueErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		arrange func(*world)
		want    string
	}{
		"no issues": {func(w *world) {
			w.Script("GET /repos/*/*/issues", githubtest.Status(410, "Issues are disabled for this repo"))
		}, `status 410 ("Issues are disabled for this repo"); check that there is a repository edd/cloud with issues turned on`},
		"no rights":   {func(w *world) { w.Allow(canary, githubtest.Actions, false) }, `give the job the permission "issues: write"`},
		"not there":   {func(w *world) { w.Repository = "edd/none" }, "check that there is a repository edd/none"},
		"kept as was": {keeps, "issue of edd/cloud: edit the issue: GitHub kept the old text without a word; shorten the text"},
		"no TLS":      {func(w *world) { w.API = "http://x" }, "api: is not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.arrange(w)
			_, err := Issue(t.Context(), w.Options, "Drift", text("new"), true)
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), canary)
		})
	}
	for _, title := range []string{"", " ", "a\nb", strings.Repeat("é", 257)} {
		_, err := Issue(t.Context(), newWorld(t).Options, title, text("x"), true)
		assert.ErrorContains(t, err, "is not one line of 1 to 256 characters")
	}
}

// keeps is a GitHub that takes an edit and keeps the text that was there.
func keeps(w *world) {
	w.Issue(repository, githubtest.Actions, "Drift", text("old"))
	w.Script(editingIssue, raw(200, fmt.Sprintf(`{"number":13,"title":"Drift","state":"open","body":%q}`, text("old"))))
}
