package post

import (
	"fmt"
	"strings"
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
