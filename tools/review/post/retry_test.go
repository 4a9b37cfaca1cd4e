package post

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review/post/githubtest"
)

// Faults that pass are tried again wherever that does no harm.
func TestTriedAgain(t *testing.T) {
	cut, half, lose := githubtest.Fault(githubtest.Cut), githubtest.Fault(githubtest.Half), githubtest.Fault(githubtest.Lose)
	page, status := githubtest.Page, githubtest.Status
	for name, faults := range map[string][]githubtest.Fault{
		"500":              {status(500, "Server Error")},
		"502 in HTML":      {page(502), page(502)},
		"503, 504":         {status(503, "x"), page(504)},
		"cut":              {cut, cut},
		"half an answer":   {half},
		"done, not told":   {lose},
		"done, and a 502":  {githubtest.Late(502)},
		"not JSON":         {githubtest.Raw(200, "{]")},
		"another JSON":     {githubtest.Raw(200, `{"message":"hello"}`)},
		"null":             {githubtest.Raw(200, "null")},
		"nothing":          {githubtest.Raw(200, "")},
		"up to the fourth": {cut, page(500), cut, page(500)},
	} {
		for _, pattern := range []string{listing, editing, creating} {
			t.Run(name+" "+strings.Fields(pattern)[0], func(t *testing.T) {
				w := newWorld(t)
				w.Comment(repository, pull, someone, "first")
				if pattern != creating {
					w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
				}
				w.Script(pattern, faults...)
				w.post(t, text("new"))
				assert.Equal(t, pattern == creating, w.Count(creating) > 0)
				require.Len(t, w.comments(), 2)
				assert.Equal(t, stampedText(700, "new"), w.comments()[1].Body)
				assert.Empty(t, w.waited())
			})
		}
	}
}

// An edit that was answered with something else was not done. Without a run
// the next look would not tell.
func TestEditAnsweredOtherwise(t *testing.T) {
	w := newWorld(t)
	w.Run = Run{}
	w.Comment(repository, pull, githubtest.Actions, text("old"))
	w.Script(editing, githubtest.Raw(200, `{"message":"hello"}`))
	w.post(t, text("new"))
	assert.Equal(t, text("new"), w.comments()[0].Body)
}

// A creation whose answer was lost is looked for before it is repeated.
func TestLostCreation(t *testing.T) {
	for name, tc := range map[string]struct {
		fault githubtest.Fault
		posts int
	}{
		"done, not told":      {githubtest.Lose, 1},
		"done, and a 502":     {githubtest.Late(502), 1},
		"done, half told":     {githubtest.Half, 1},
		"not done, not told":  {githubtest.Cut, 2},
		"not done, and a 500": {githubtest.Status(500, "x"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Script(creating, tc.fault)
			url := w.post(t, text("new"))
			require.Len(t, w.comments(), 1)
			assert.Equal(t, tc.posts, w.Count(creating))
			assert.Contains(t, url, "#issuecomment-")
		})
	}
}

// A creation that arrives after it was looked for makes a second comment, which
// is taken away.
func TestLateCreation(t *testing.T) {
	w := newWorld(t)
	w.Script(creating, githubtest.Cut, githubtest.Before(func() {
		w.Comment(repository, pull, githubtest.Actions, stampedText(700, "new"))
	}))
	w.post(t, text("new"))
	require.Len(t, w.comments(), 1)
}

func TestFaultsThatStay(t *testing.T) {
	for name, tc := range map[string]struct {
		pattern string
		fault   githubtest.Fault
		want    string
	}{
		"500":             {listing, githubtest.Status(500, "Server Error"), ` is at fault: status 500 ("Server Error") (5 attempts); see whether GitHub has an incident`},
		"502":             {editing, githubtest.Page(502), " is at fault: status 502 (5 attempts)"},
		"cut":             {listing, githubtest.Cut, " cannot be reached: EOF (5 attempts); check that 127.0.0.1"},
		"not JSON":        {listing, githubtest.Raw(200, "["), "(5 attempts)"},
		"creation":        {creating, githubtest.Page(502), " is at fault: status 502 (5 attempts); see whether GitHub has an incident (www.githubstatus.com), and run the job again (the comment may have been written all the same; the next run finds it)"},
		"creation, cut":   {creating, githubtest.Cut, "may have been written all the same"},
		"secondary limit": {creating, githubtest.Secondary(403, 1), `GitHub's limit on many requests at once ("You have exceeded a secondary rate limit. Please wait a few minutes before you try again.") (5 attempts); run the job again in some minutes`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if tc.pattern == editing {
				w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
			}
			w.Script(tc.pattern, githubtest.Times(50, tc.fault)...)
			assert.Contains(t, w.refused(t, text("x")), tc.want)
			assert.GreaterOrEqual(t, w.Count(tc.pattern), 5) // net/http repeats questions itself where a kept connection ends
			assert.LessOrEqual(t, w.Count(tc.pattern), 6)
		})
	}
}
