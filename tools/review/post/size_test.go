package post

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
