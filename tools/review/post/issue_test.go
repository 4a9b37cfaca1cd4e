package post

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review/post/githubtest"
)

const (
	listingIssues = "GET /repos/*/*/issues"
	openingIssue  = "POST /repos/*/*/issues"
	editingIssue  = "PATCH /repos/*/*/issues/*"
)

func (w *world) issue(t *testing.T, body string, open bool) string {
	t.Helper()
	url, err := Issue(t.Context(), w.Options, " Drift of prod ", text(body), open)
	require.NoError(t, err)
	return url
}

func (w *world) issues() []githubtest.Issue { return w.Issues(repository) }

func TestIssueThroughItsLife(t *testing.T) {
	w := newWorld(t)
	assert.Empty(t, w.issue(t, "nothing", false), "no drift, no issue")
	assert.Empty(t, w.issues())

	url := w.issue(t, "one", true)
	require.Len(t, w.issues(), 1)
	one := w.issues()[0]
	assert.Equal(t, githubtest.Issue{Number: 13, Author: githubtest.Actions, Title: "Drift of prod", Body: stampedText(700, "one"), State: "open"}, one)
	assert.Equal(t, w.URL()+"edd/cloud/issues/13", url)

	assert.Equal(t, url, w.issue(t, "one", true))
	assert.Equal(t, 0, w.issues()[0].Edits, "it says so already")

	w.Options = w.of(701)
	assert.Equal(t, url, w.issue(t, "two", true))
	assert.Equal(t, stampedText(701, "two"), w.issues()[0].Body)

	w.Options = w.of(702)
	w.issue(t, "it is over", false)
	assert.Equal(t, stampedText(702, "it is over"), w.issues()[0].Body)
	assert.Equal(t, "closed completed", w.issues()[0].State+" "+w.issues()[0].Reason)

	w.Options = w.of(703)
	w.issue(t, "still over", false)
	assert.Equal(t, stampedText(702, "it is over"), w.issues()[0].Body, "the last edit stays")

	w.Options = w.of(704)
	w.issue(t, "again", true)
	assert.Equal(t, "open reopened", w.issues()[0].State+" "+w.issues()[0].Reason)
	assert.Equal(t, stampedText(704, "again"), w.issues()[0].Body)
	require.Len(t, w.issues(), 1)
	assert.Contains(t, w.said(), "issue of edd/cloud: created "+url)
}

func TestIssueClosedBySomebody(t *testing.T) {
	w := newWorld(t)
	w.issue(t, "one", true)
	w.Close(repository, w.issues()[0].Number)
	w.issue(t, "one", true)
	assert.Equal(t, "open", w.issues()[0].State)
}

func TestIssueOfANewerRun(t *testing.T) {
	w := newWorld(t)
	w.Issue(repository, githubtest.Actions, "Drift of prod", stampedText(900, "newer"))
	w.issue(t, "older", true)
	w.issue(t, "older", false)
	assert.Equal(t, stampedText(900, "newer"), w.issues()[0].Body)
	assert.Equal(t, "open", w.issues()[0].State)
}

// Ours is found on whatever page, and what is not ours is left alone: others'
// issues with our key, our own issues without it, and pull requests.
func TestIssueAmongMany(t *testing.T) {
	w := newWorld(t)
	ours := w.Issue(repository, githubtest.Actions, "Drift of prod", text("old"))
	w.Issue(repository, someone, "Drift of prod", text("quoted"))
	for i := range 250 {
		w.Issue(repository, githubtest.Actions, fmt.Sprint(i), "> "+text("quoted"))
	}
	w.issue(t, "new", true)
	require.Len(t, w.issues(), 252)
	for _, i := range w.issues() {
		assert.Equal(t, i.Number == ours, i.Edits > 0)
	}
	var after int
	for _, r := range w.Requests() {
		after += strings.Count(r.Query, "after=")
	}
	assert.Equal(t, 4, after, "two pages of each of two lists come by a cursor")
}

// A cursor may come without a page's number.
func TestIssuesByCursorAlone(t *testing.T) {
	w := newWorld(t)
	next := func(after string) githubtest.Fault {
		return githubtest.Header("Link", "<https://x/?per_page=100&after="+after+`>; rel="next"`, githubtest.Raw(200, "[]"))
	}
	w.Script(listingIssues, next("one"), next("two"))
	w.issue(t, "x", false)
	var queries []string
	for _, r := range w.Requests()[1:] {
		queries = append(queries, r.Query)
	}
	const rest = "creator=github-actions%5Bbot%5D"
	assert.Equal(t, []string{rest + "&page=1&per_page=100&state=all", "after=one&" + rest + "&per_page=100&state=all", "after=two&" + rest + "&per_page=100&state=all"}, queries)

	w.Script(listingIssues, next("one"), next("one"))
	_, err := Issue(t.Context(), w.Options, "Drift", text("x"), false)
	assert.ErrorContains(t, err, "answers what GitHub's API does not")
}

func TestSeveralIssues(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"a", "b", "c"} {
		w.Issue(repository, githubtest.Actions, "Drift of prod", text(body))
	}
	w.Close(repository, w.issues()[2].Number)
	w.issue(t, "new", true)
	all := w.issues()
	assert.Equal(t, stampedText(700, "new"), all[0].Body)
	assert.Equal(t, "open", all[0].State)
	assert.Equal(t, "closed not_planned", all[1].State+" "+all[1].Reason)
	assert.Equal(t, 0, all[2].Edits)
	before := w.Count(editingIssue)
	w.issue(t, "new", true)
	assert.Equal(t, before, w.Count(editingIssue))
}

func TestIssueRace(t *testing.T) {
	w := newWorld(t)
	var looked, ended sync.WaitGroup
	looked.Add(2)
	w.Script(listingIssues, githubtest.Times(2, githubtest.After(func() {
		looked.Done()
		looked.Wait()
	}))...)
	for run := range int64(2) {
		ended.Go(func() {
			_, err := Issue(t.Context(), w.of(701+run), "Drift", text(fmt.Sprintf("of run %d", 701+run)), true)
			assert.NoError(t, err)
		})
	}
	ended.Wait()
	var open []githubtest.Issue
	for _, i := range w.issues() {
		if i.State == "open" {
			open = append(open, i)
		}
	}
	require.Len(t, open, 1)
	assert.Equal(t, stampedText(702, "of run 702"), open[0].Body)
}

func TestLostIssue(t *testing.T) {
	w := newWorld(t)
	w.Script(openingIssue, githubtest.Lose)
	w.issue(t, "x", true)
	assert.Len(t, w.issues(), 1)
	w.Script(editingIssue, githubtest.Lose, githubtest.Page(502), githubtest.Raw(200, "{}"))
	w.Script(listingIssues, githubtest.Raw(200, "null"))
	w.issue(t, "y", false)
	require.Len(t, w.issues(), 1)
	assert.Equal(t, "closed", w.issues()[0].State)
	w.Script(openingIssue, githubtest.Raw(201, "{}"))
	w.Key = "<!-- another -->"
	_, err := Issue(t.Context(), w.Options, "Drift", w.Key, true)
	require.NoError(t, err)
	assert.Len(t, w.issues(), 2)
}

func TestIssueFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		arrange func(*world)
		want    string
	}{
		"no issues":   {func(w *world) { w.Disable(repository) }, `issue of edd/cloud: GitHub says that there is none ("Issues are disabled for this repo"); turn the repository's issues on`},
		"no rights":   {func(w *world) { w.Allow(canary, githubtest.Actions, false) }, `give the job the permission "issues: write"`},
		"not there":   {func(w *world) { w.Repository = "edd/none" }, "there is no repository edd/none"},
		"kept as was": {keeps, "issue of edd/cloud: GitHub kept the old text without a word; shorten the text"},
		"whose token": {func(w *world) { w.Token = "other" }, "GitHub does not accept the token"},
		"no TLS":      {func(w *world) { w.API = "http://x" }, "api: is not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.arrange(w)
			_, err := Issue(t.Context(), w.Options, "Drift", text("new"), true)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tc.want)
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
	w.Script(editingIssue, githubtest.Raw(200, fmt.Sprintf(`{"number":13,"title":"Drift","state":"open","body":%q}`, text("old"))))
}
