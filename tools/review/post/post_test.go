package post

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review/post/githubtest"
)

func TestFirst(t *testing.T) {
	w := newWorld(t)
	url := w.post(t, text("safe"))
	require.Len(t, w.comments(), 1)
	made := w.comments()[0]
	assert.Equal(t, stampedText(700, "safe"), made.Body)
	assert.Equal(t, githubtest.Actions, made.Author)
	assert.Equal(t, fmt.Sprintf("%sedd/cloud/pull/12#issuecomment-%d", w.URL(), made.ID), url)
	assert.Equal(t, "comment on edd/cloud#12: created "+url+"\n", w.said())
	assert.Equal(t, 2, w.Count(listing), "a look before and one after")
}

func TestEdit(t *testing.T) {
	w := newWorld(t)
	first := w.post(t, text("one"))
	w.Options = w.of(701)
	assert.Equal(t, first, w.post(t, text("two")))
	require.Len(t, w.comments(), 1)
	assert.Equal(t, stampedText(701, "two"), w.comments()[0].Body)
	assert.Equal(t, 1, w.Count(creating))
}

func TestSameTextIsNotWritten(t *testing.T) {
	w := newWorld(t)
	url := w.post(t, text("one"))
	before := len(w.Requests())
	assert.Equal(t, url, w.post(t, text("one")))
	assert.Len(t, w.Requests(), before+2, "who, and one look")
	assert.Equal(t, 0, w.comments()[0].Edits)
	assert.Contains(t, w.said(), "says so already")
}

func TestNamedAuthorIsNotAskedFor(t *testing.T) {
	w := newWorld(t)
	w.Author = "GitHub-Actions[bot]" // logins have no case
	w.post(t, text("one"))
	w.post(t, text("two"))
	assert.Len(t, w.comments(), 1)
	assert.Equal(t, 0, w.Count("POST /graphql"))
}

// Whatever place ours has among many, it is found; nobody else's is touched.
func TestManyComments(t *testing.T) {
	for _, before := range []int{0, 29, 30, 99, 100, 101, 350} {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			w := newWorld(t)
			for i := range before {
				w.Comment(repository, pull, someone, fmt.Sprintf("comment %d", i))
			}
			id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
			w.Comment(repository, pull, someone, "after it")
			w.post(t, text("new"))
			require.Len(t, w.comments(), before+2)
			for _, c := range w.comments() {
				if c.ID == id {
					assert.Equal(t, stampedText(700, "new"), c.Body)
				} else {
					assert.Equal(t, 0, c.Edits)
				}
			}
			assert.Equal(t, 0, w.Count(creating))
			assert.Equal(t, 0, w.Count(deleting))
		})
	}
}

// What is not ours is left alone: others' quotes of the key, quotes by our
// account, keys that begin alike, and accounts that are no more.
func TestOthersAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	bot := githubtest.Actions
	others := []struct {
		who  githubtest.Account
		body string
	}{
		{someone, text("mine")},
		{someone, stampedText(9000, "mine")},
		{githubtest.Account{}, text("of nobody")},
		{githubtest.Account{Login: "github-actions", ID: 8, Kind: "User"}, text("alike")},
		{bot, "> " + text("quoted")},
		{bot, " " + text("moved")},
		{bot, "<!-- platform-review edd/cloud platform2 -->\nother key"},
		{bot, "<!-- platform-review edd/cloud platform --> on a line with more\n"},
		{bot, "unrelated"},
	}
	for _, other := range others {
		w.Comment(repository, pull, other.who, other.body)
	}
	w.post(t, text("ours"))
	w.Options = w.of(701)
	w.post(t, text("ours, again"))
	all := w.comments()
	require.Len(t, all, len(others)+1)
	for i, other := range others {
		assert.Equal(t, other.body, all[i].Body)
		assert.Equal(t, 0, all[i].Edits)
	}
	assert.Equal(t, stampedText(701, "ours, again"), all[len(others)].Body)
}

// A text that somebody edited in a browser has other line ends, and is ours
// all the same.
func TestEditedInABrowser(t *testing.T) {
	w := newWorld(t)
	w.post(t, text("one"))
	w.Edit(repository, w.comments()[0].ID, strings.ReplaceAll(stampedText(700, "one, says Mallory"), "\n", "\r\n"))
	w.post(t, text("one"))
	require.Len(t, w.comments(), 1)
	assert.Equal(t, stampedText(700, "one"), w.comments()[0].Body)
}

func TestSeveralOfOurs(t *testing.T) {
	w := newWorld(t)
	oldest := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	w.Comment(repository, pull, someone, "between")
	w.Comment(repository, pull, githubtest.Actions, stampedText(2, "b"))
	w.Comment(repository, pull, githubtest.Actions, text("c"))
	w.post(t, text("new"))
	all := w.comments()
	require.Len(t, all, 2)
	assert.Equal(t, oldest, all[0].ID)
	assert.Equal(t, stampedText(700, "new"), all[0].Body)
	assert.Equal(t, "between", all[1].Body)
}

// Whoever takes one away looks whether another came.
func TestSecondOfOursAlone(t *testing.T) {
	w := newWorld(t)
	w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same"))
	w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same"))
	w.Script(deleting, githubtest.After(func() { w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same")) }))
	w.post(t, text("same"))
	require.Len(t, w.comments(), 1)
	assert.Equal(t, 0, w.comments()[0].Edits)
}

// One of several that is of a newer run gives its text to the oldest.
func TestSeveralOfOursAndANewerRun(t *testing.T) {
	w := newWorld(t)
	oldest := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	w.Comment(repository, pull, githubtest.Actions, stampedText(900, "of a newer run"))
	w.post(t, text("new"))
	all := w.comments()
	require.Len(t, all, 1)
	assert.Equal(t, oldest, all[0].ID)
	assert.Equal(t, stampedText(900, "of a newer run"), all[0].Body)
	assert.Equal(t, 1, strings.Count(w.said(), "newer"))
}

func TestNewerIsNotOverwritten(t *testing.T) {
	for name, tc := range map[string]struct {
		there string
		run   Run
		want  bool // written
	}{
		"older run":         {"800.1", Run{700, 1}, false},
		"older attempt":     {"700.2", Run{700, 1}, false},
		"same run":          {"700.1", Run{700, 1}, true},
		"newer attempt":     {"700.1", Run{700, 2}, true},
		"old run again":     {"800.1", Run{700, 9}, false},
		"newer run":         {"699.9", Run{700, 1}, true},
		"more digits":       {"99.1", Run{700, 1}, true},
		"no run known":      {"800.1", Run{}, true},
		"not a number":      {"8oo.1", Run{700, 1}, true},
		"no number so long": {"9999999999999999999.1", Run{700, 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			there := fmt.Sprintf("%s\n<!-- platform-review-run %s %s -->\nthere", key, tc.there, commit)
			w.Comment(repository, pull, githubtest.Actions, there)
			w.Run = tc.run
			url := w.post(t, text("mine"))
			assert.Contains(t, url, "#issuecomment-")
			require.Len(t, w.comments(), 1)
			if tc.want {
				assert.Equal(t, w.stamped(text("mine")), w.comments()[0].Body)
				return
			}
			assert.Equal(t, there, w.comments()[0].Body)
			assert.Equal(t, 0, w.comments()[0].Edits)
			assert.Contains(t, w.said(), "left to run "+tc.there+", which is newer and speaks of commit 4fd2a7c0d3b1\n")
			assert.NotContains(t, w.said(), "says so already")
		})
	}
}

// A body cannot pass for another run: what it has in the second line comes
// after ours.
func TestBodyCannotSpeakForAnotherRun(t *testing.T) {
	w := newWorld(t)
	w.post(t, text("<!-- platform-review-run 999999.1 "+commit+" -->\nforged"))
	w.Options = w.of(701)
	w.post(t, text("true"))
	assert.Equal(t, stampedText(701, "true"), w.comments()[0].Body)
}

func TestDeletedMeanwhile(t *testing.T) {
	for name, fault := range map[string]func(*world) githubtest.Fault{
		"for good": func(w *world) githubtest.Fault {
			return githubtest.Before(func() { w.Delete(repository, w.comments()[0].ID) })
		},
		"410": func(w *world) githubtest.Fault {
			return func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
				w.Delete(repository, w.comments()[0].ID)
				githubtest.Status(http.StatusGone, "This comment was deleted")(rw, r, api)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			gone := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
			w.Script(editing, fault(w))
			w.post(t, text("new"))
			require.Len(t, w.comments(), 1)
			assert.NotEqual(t, gone, w.comments()[0].ID)
			assert.Equal(t, stampedText(700, "new"), w.comments()[0].Body)
		})
	}
}

// What is deleted after it was made was deleted on purpose.
func TestDeletedAfterwards(t *testing.T) {
	w := newWorld(t)
	w.Script(creating, githubtest.After(func() { w.Delete(repository, w.comments()[0].ID) }))
	assert.NotEmpty(t, w.post(t, text("new")))
	assert.Empty(t, w.comments())
	assert.Equal(t, 1, w.Count(creating))
}

// A second job may take the younger comment away before the first does.
func TestTakenAwayByAnother(t *testing.T) {
	w := newWorld(t)
	w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	young := w.Comment(repository, pull, githubtest.Actions, stampedText(2, "b"))
	w.Script(deleting, githubtest.Before(func() { w.Delete(repository, young) }))
	w.post(t, text("new"))
	assert.Len(t, w.comments(), 1)
}

// Two jobs that both see that there is no comment end with one, which is the
// newer run's, whoever is first.
func TestRace(t *testing.T) {
	for _, runs := range [][2]int64{{700, 701}, {701, 700}, {700, 700}} {
		t.Run(fmt.Sprint(runs), func(t *testing.T) {
			for range 5 {
				w := newWorld(t)
				race(t, w, runs[:])
				require.Len(t, w.comments(), 1)
				if newest := max(runs[0], runs[1]); runs[0] != runs[1] {
					assert.Equal(t, stampedText(newest, fmt.Sprintf("of run %d", newest)), w.comments()[0].Body)
				}
			}
		})
	}
}

func TestRaceOfMany(t *testing.T) {
	w := newWorld(t)
	runs := []int64{703, 701, 706, 702, 704, 705}
	race(t, w, runs)
	require.Len(t, w.comments(), 1)
	assert.Equal(t, stampedText(706, "of run 706"), w.comments()[0].Body)
}

// race posts at the same time; all have looked before one writes.
func race(t *testing.T, w *world, runs []int64) {
	t.Helper()
	var looked, ended sync.WaitGroup
	looked.Add(len(runs))
	w.Script(listing, githubtest.Times(len(runs), githubtest.After(func() {
		looked.Done()
		looked.Wait()
	}))...)
	for i, run := range runs {
		ended.Go(func() {
			_, err := Post(t.Context(), w.of(run), text(fmt.Sprintf("of run %d", runs[i])))
			assert.NoError(t, err)
		})
	}
	ended.Wait()
}

// An older job that edits after the newer one has: the newer one looks again.
func TestOlderJobWritesLast(t *testing.T) {
	w := newWorld(t)
	id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	w.Script(editing, githubtest.After(func() { w.Edit(repository, id, stampedText(600, "of an older run")) }))
	w.post(t, text("new"))
	assert.Equal(t, stampedText(700, "new"), w.comments()[0].Body)
}

// Jobs of one run would overwrite each other for ever.
func TestJobOfTheSameRunWritesLast(t *testing.T) {
	w := newWorld(t)
	id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	w.Script(editing, githubtest.After(func() { w.Edit(repository, id, stampedText(700, "of the same run")) }))
	w.post(t, text("new"))
	assert.Equal(t, stampedText(700, "of the same run"), w.comments()[0].Body)
}

func TestNoEndOfOthers(t *testing.T) {
	w := newWorld(t)
	id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	n := 0
	w.Script(editing, githubtest.Times(100, githubtest.After(func() {
		n++
		w.Edit(repository, id, stampedText(600, fmt.Sprint(n)))
	}))...)
	assert.Contains(t, w.refused(t, text("new")), "comment on edd/cloud#12: others write it at the same time, and 8 looks did not end in one; let the jobs")
}

func TestSize(t *testing.T) {
	w := newWorld(t)
	w.post(t, text(strings.Repeat("a", Limit-len(key)-1)))
	require.Len(t, w.comments(), 1)
	assert.LessOrEqual(t, len(w.comments()[0].Body), Stored)

	w.Options = w.of(701)
	over := strings.Repeat("a", Stored)
	before := len(w.Requests())
	said := w.refused(t, text(over))
	assert.Contains(t, said, "body: has 262188 bytes, and GitHub stores 262144 of which a run takes ")
	assert.Len(t, w.Requests(), before, "nothing is sent")

	w.Run = Run{}
	exact := text(strings.Repeat("🌈", (Stored-len(key)-1)/4) + "abc"[:(Stored-len(key)-1)%4])
	require.Len(t, exact, Stored)
	w.post(t, exact)
	assert.Equal(t, exact, w.comments()[0].Body)
	assert.Contains(t, w.refused(t, exact+"a"), "has 262145 bytes")
}

// Limit leaves room for the longest line that a run may add.
func TestLimitLeavesRoom(t *testing.T) {
	o := Options{Key: key, Run: Run{ID: 1<<63 - 1, Attempt: 1<<63 - 1}, Commit: strings.Repeat("f", 64) + "+changes"}
	require.NoError(t, Options{Repository: repository, Token: "t", API: API, Key: key, Run: o.Run, Commit: o.Commit}.validate(text("")))
	assert.Len(t, o.stamped(text(""))[len(text("")):], longestStamp)
	run, dirty := stampOf(o.stamped(text("x")))
	assert.Equal(t, o.Run, run)
	assert.Equal(t, o.Commit, dirty)
	assert.Equal(t, key+"\n<!-- platform-review-run 9223372036854775807.9223372036854775807 "+o.Commit+" -->\n", o.stamped(key))
}

func TestCharactersArriveAsTheyAre(t *testing.T) {
	w := newWorld(t)
	body := text("<details>&amp; \"é\" 🌈 \u2028 \\ \t@team #1 \x01\n\n```diff\n- a\n+ b\n```\n  \n")
	w.post(t, body)
	assert.Equal(t, w.stamped(body), w.comments()[0].Body)
	w.post(t, body)
	assert.Equal(t, 0, w.comments()[0].Edits)
}
