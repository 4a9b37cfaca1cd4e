package post

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

const listingPulls = "GET /repos/*/*/pulls"

func TestPullOf(t *testing.T) {
	other := strings.Repeat("0", 40)
	for name, tc := range map[string]struct {
		arrange func(*world)
		want    int
		problem string
	}{
		"of this repository":  {func(w *world) { w.Head(repository, pull, commit, repository) }, pull, ""},
		"of a fork":           {func(w *world) { w.Head(repository, pull, commit, "mallory/cloud") }, pull, ""},
		"on the third page":   {func(w *world) { w.Head(repository, pull, commit, "mallory/cloud"); crowd(w, 201) }, pull, ""},
		"an older commit":     {func(w *world) { w.Head(repository, pull, other, repository) }, 0, "no open pull request has this head; it was closed, or has a newer head whose own run comments"},
		"a commit that lacks": {func(w *world) { w.Head(repository, pull, commit+"0", repository) }, 0, "no open pull request has this head"},
		"closed": {func(w *world) {
			w.Head(repository, pull, commit, repository)
			w.Close(repository, pull)
		}, 0, "no open pull request has this head"},
		"two": {func(w *world) {
			w.AddPull(repository, 20)
			w.Head(repository, pull, commit, repository)
			w.Head(repository, 20, commit, repository)
		}, 0, "there are 2: [12 20]; name one by its number"},
		"two, one closed": {func(w *world) {
			w.AddPull(repository, 20)
			w.Head(repository, pull, commit, repository)
			w.Head(repository, 20, commit, repository)
			w.Close(repository, 20)
		}, pull, ""},
		"no repository": {func(w *world) { w.Repository = "edd/none" }, 0, "check that there is a repository edd/none with pull requests"},
		"no commit":     {func(w *world) { w.Commit = "" }, 0, "commit: is missing; name the head of the pull request"},
		"not a commit":  {func(w *world) { w.Commit = "main" }, 0, `commit: "main" is not a hash`},
		"unknown token": {func(w *world) { w.Token = "other" }, 0, "put a token into GITHUB_TOKEN"},
		"no permission": {func(w *world) { w.Script(listingPulls, githubtest.Status(403, "x")) }, 0, `give the job the permission "pull-requests: read"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.arrange(w)
			w.Pull = 0
			number, err := PullOf(t.Context(), w.Options)
			assert.Equal(t, tc.want, number)
			if tc.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.problem)
			assert.NotContains(t, err.Error(), canary)
		})
	}
}

func TestPullOfEnded(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := PullOf(ctx, w.Options)
	assert.ErrorIs(t, err, context.Canceled)
}

// A pull request that is opened while the pages are read pushes one from a
// page onto the next, which lists it again.
func TestPullOfWhilePagesShift(t *testing.T) {
	w := newWorld(t)
	w.AddPull(repository, 50)
	w.Head(repository, 50, commit, repository)
	crowd(w, 99)
	w.Script(listingPulls, w.after(func() { w.AddPull(repository, 1000) }))
	number, err := PullOf(t.Context(), w.Options)
	require.NoError(t, err)
	assert.Equal(t, 50, number)
	assert.Equal(t, 2, w.Count(listingPulls))
}

// crowd opens pull requests after ours: the newest are listed first.
func crowd(w *world, n int) {
	for i := range n {
		w.AddPull(repository, 100+i)
		w.Head(repository, 100+i, fmt.Sprintf("%040x", i), repository)
	}
}
