package post

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

func TestFirst(t *testing.T) {
	w := newWorld(t)
	url := w.post(t, text("safe"))
	require.Len(t, w.comments(), 1)
	made := w.comments()[0]
	assert.Equal(t, stampedText(700, "safe"), made.GetBody())
	assert.Equal(t, fmt.Sprintf("%sedd/cloud/pull/12#issuecomment-%d", w.URL(), made.GetID()), url)
	assert.Contains(t, w.said(), "comment on edd/cloud#12: created "+url+"\n")
	assert.Equal(t, 2, w.Count(listing), "a look before and one after")
}

func TestEdit(t *testing.T) {
	w := newWorld(t)
	first := w.post(t, text("one"))
	w.Options = w.of(701)
	assert.Equal(t, first, w.post(t, text("two")))
	assert.Equal(t, []string{stampedText(701, "two")}, w.bodies())
	assert.Equal(t, 1, w.Count(creating))
}

func TestSameTextIsNotWritten(t *testing.T) {
	w := newWorld(t)
	url := w.post(t, text("one"))
	before := len(w.Requests())
	assert.Equal(t, url, w.post(t, text("one")))
	assert.Len(t, w.Requests(), before+2, "who, and one look")
	assert.Contains(t, w.said(), "says so already")
}

// Whatever place ours has among many, it is found; nobody else's is touched.
func TestManyComments(t *testing.T) {
	for _, before := range []int{0, 99, 100, 250} {
		w := newWorld(t)
		for i := range before {
			w.Comment(repository, pull, someone, fmt.Sprintf("comment %d", i))
		}
		w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
		w.Comment(repository, pull, someone, "after it")
		w.post(t, text("new"))
		all := w.bodies()
		require.Len(t, all, before+2)
		assert.Equal(t, stampedText(700, "new"), all[before])
		assert.Equal(t, []int{0, 1, 0}, []int{w.Count(creating), w.Count(editing), w.Count(deleting)})
	}
}

// What is not ours is left alone: others' quotes of the key, quotes by our
// account, keys that begin alike, and accounts that are no more.
func TestOthersAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	bot := githubtest.Actions
	others := [][2]string{
		{someone, text("mine")},
		{someone, stampedText(9000, "mine")},
		{"", text("of nobody")},
		{"github-actions", text("alike")},
		{bot, "> " + text("quoted")},
		{bot, " " + text("moved")},
		{bot, "<!-- platform-review edd/cloud platform2 -->\nother key"},
		{bot, "<!-- platform-review edd/cloud platform --> on a line with more\n"},
		{bot, "unrelated"},
	}
	var want []string
	for _, other := range others {
		w.Comment(repository, pull, other[0], other[1])
		want = append(want, other[1])
	}
	w.post(t, text("ours"))
	w.Options = w.of(701)
	w.post(t, text("ours, again"))
	assert.Equal(t, append(want, stampedText(701, "ours, again")), w.bodies())
}

// A text that somebody edited in a browser has other line ends, and is ours
// all the same.
func TestEditedInABrowser(t *testing.T) {
	w := newWorld(t)
	w.post(t, text("one"))
	w.Edit(repository, w.comments()[0].GetID(), strings.ReplaceAll(stampedText(700, "one, says Mallory"), "\n", "\r\n"))
	w.post(t, text("one"))
	assert.Equal(t, []string{stampedText(700, "one")}, w.bodies())
}

func TestSize(t *testing.T) {
	w := newWorld(t)
	w.post(t, text(strings.Repeat("a", Limit-len(key)-1)))
	require.Len(t, w.comments(), 1)
	before := len(w.Requests())
	assert.Contains(t, w.refused(t, text(strings.Repeat("a", Stored))), "body: has 262188 bytes, and GitHub stores 262144 of which a run takes ")
	assert.Len(t, w.Requests(), before, "nothing is sent")
}

// Limit leaves room for the longest line that a run may add.
func TestLimitLeavesRoom(t *testing.T) {
	o := Options{Key: key, Run: Run{ID: 1<<63 - 1, Attempt: 1<<63 - 1}, Commit: strings.Repeat("f", 64) + "+changes"}
	require.NoError(t, Options{Repository: repository, Token: "t", API: API, Key: key, Run: o.Run, Commit: o.Commit}.validate(text("")))
	assert.Len(t, o.stamped(text(""))[len(text("")):], longestStamp)
	run, dirty := stampOf(o.stamped(text("x")))
	assert.Equal(t, o.Run, run)
	assert.Equal(t, o.Commit, dirty)
}

func TestCharactersArriveAsTheyAre(t *testing.T) {
	w := newWorld(t)
	body := text("<details>&amp; \"é\" 🌈 \u2028 \\ \t@team #1 \x01\n\n```diff\n- a\n+ b\n```\n  \n")
	w.post(t, body)
	assert.Equal(t, []string{w.stamped(body)}, w.bodies())
	w.post(t, body)
	assert.Equal(t, 0, w.Count(editing))
}
