package post

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

func TestSeveralOfOurs(t *testing.T) {
	w := newWorld(t)
	oldest := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	w.Comment(repository, pull, someone, "between")
	w.Comment(repository, pull, githubtest.Actions, stampedText(2, "b"))
	w.Comment(repository, pull, githubtest.Actions, text("c"))
	w.post(t, text("new"))
	all := w.comments()
	require.Len(t, all, 2)
	assert.Equal(t, oldest, all[0].GetID())
	assert.Equal(t, stampedText(700, "new"), all[0].GetBody())
	assert.Equal(t, "between", all[1].GetBody())
}

// Whoever takes one away looks whether another came.
func TestSecondOfOursAlone(t *testing.T) {
	w := newWorld(t)
	w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same"))
	w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same"))
	w.Script(deleting, w.after(func() { w.Comment(repository, pull, githubtest.Actions, stampedText(700, "same")) }))
	w.post(t, text("same"))
	require.Len(t, w.comments(), 1)
	assert.Equal(t, 0, w.Count(editing))
}

// One of several that is of a newer run gives its text to the oldest.
func TestSeveralOfOursAndANewerRun(t *testing.T) {
	w := newWorld(t)
	oldest := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	w.Comment(repository, pull, githubtest.Actions, stampedText(900, "of a newer run"))
	w.post(t, text("new"))
	all := w.comments()
	require.Len(t, all, 1)
	assert.Equal(t, oldest, all[0].GetID())
	assert.Equal(t, stampedText(900, "of a newer run"), all[0].GetBody())
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
				assert.Equal(t, w.stamped(text("mine")), w.comments()[0].GetBody())
				return
			}
			assert.Equal(t, there, w.comments()[0].GetBody())
			assert.Equal(t, 0, w.Count(editing))
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
	assert.Equal(t, stampedText(701, "true"), w.comments()[0].GetBody())
}

func TestDeletedMeanwhile(t *testing.T) {
	w := newWorld(t)
	gone := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	w.Script(editing, w.before(func() { w.Edit(repository, gone, "") }))
	w.post(t, text("new"))
	assert.Equal(t, []string{stampedText(700, "new")}, w.bodies())
	assert.NotEqual(t, gone, w.comments()[0].GetID())
}

// What is deleted after it was made was deleted on purpose.
func TestDeletedAfterwards(t *testing.T) {
	w := newWorld(t)
	w.Script(creating, w.after(func() { w.Edit(repository, w.comments()[0].GetID(), "") }))
	assert.NotEmpty(t, w.post(t, text("new")))
	assert.Empty(t, w.comments())
	assert.Equal(t, 1, w.Count(creating))
}

// A second job may take the younger comment away before the first does.
func TestTakenAwayByAnother(t *testing.T) {
	w := newWorld(t)
	w.Comment(repository, pull, githubtest.Actions, stampedText(1, "a"))
	young := w.Comment(repository, pull, githubtest.Actions, stampedText(2, "b"))
	w.Script(deleting, w.before(func() { w.Edit(repository, young, "") }))
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
					assert.Equal(t, stampedText(newest, fmt.Sprintf("of run %d", newest)), w.comments()[0].GetBody())
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
	assert.Equal(t, stampedText(706, "of run 706"), w.comments()[0].GetBody())
}

// race posts at the same time; all have looked before one writes.
func race(t *testing.T, w *world, runs []int64) {
	t.Helper()
	var looked, ended sync.WaitGroup
	looked.Add(len(runs))
	w.Script(listing, times(len(runs), w.after(func() {
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
	w.Script(editing, w.after(func() { w.Edit(repository, id, stampedText(600, "of an older run")) }))
	w.post(t, text("new"))
	assert.Equal(t, stampedText(700, "new"), w.comments()[0].GetBody())
}

// Jobs of one run would overwrite each other forever.
func TestJobOfTheSameRunWritesLast(t *testing.T) {
	w := newWorld(t)
	id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	w.Script(editing, w.after(func() { w.Edit(repository, id, stampedText(700, "of the same run")) }))
	w.post(t, text("new"))
	assert.Equal(t, stampedText(700, "of the same run"), w.comments()[0].GetBody())
}

func TestNoEndOfOthers(t *testing.T) {
	w := newWorld(t)
	id := w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
	n := 0
	w.Script(editing, times(100, w.after(func() {
		n++
		w.Edit(repository, id, stampedText(600, fmt.Sprint(n)))
	}))...)
	assert.Contains(t, w.refused(t, text("new")), "comment on edd/cloud#12: 8 attempts to write it did not end in one entry; let the jobs")
}
