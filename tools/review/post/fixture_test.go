package post

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"platform/tools/review/post/githubtest"
)

const (
	repository = "edd/cloud"
	pull       = 12
	key        = "<!-- platform-review edd/cloud platform -->"
	canary     = "ghs_CanaryTokenThatMustNotShow0123456789"
	commit     = "4fd2a7c0d3b1e5f60718293a4b5c6d7e8f901234"

	listing  = "GET /repos/*/*/issues/*/comments"
	creating = "POST /repos/*/*/issues/*/comments"
	editing  = "PATCH /repos/*/*/issues/comments/*"
	deleting = "DELETE /repos/*/*/issues/comments/*"
)

var (
	quick   = pace{first: time.Microsecond, longest: 2 * time.Microsecond, attempts: patience.attempts}
	someone = githubtest.Account{Login: "mallory", ID: 7, Kind: "User"}
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// settings are a level below the double, whose names are as short.
type settings struct{ Options }

// world is a double with one pull request, and options to post to it.
type world struct {
	*githubtest.Server
	settings

	mu     sync.Mutex
	out    bytes.Buffer
	pauses []time.Duration
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Server: githubtest.New(t)}
	w.AddPull(repository, pull)
	w.Allow(canary, githubtest.Actions, true)
	w.Options = Options{
		Repository: repository, Pull: pull, Token: canary, API: w.URL(), Key: key, Commit: commit, Run: Run{ID: 700, Attempt: 1},
		Roots: w.Roots(), Out: w, pace: quick,
		pause: func(ctx context.Context, length time.Duration) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.pauses = append(w.pauses, length)
			return ctx.Err()
		},
	}
	t.Cleanup(func() { assert.NotContains(t, w.said(), canary) })
	return w
}

// Write is what is told.
func (w *world) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(text)
}

func (w *world) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.String()
}

// waited are the pauses that are not those between attempts.
func (w *world) waited() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var long []time.Duration
	for _, p := range w.pauses {
		if p > time.Millisecond {
			long = append(long, p)
		}
	}
	return long
}

func (w *world) post(t *testing.T, body string) string {
	t.Helper()
	url, err := Post(t.Context(), w.Options, body)
	require.NoError(t, err)
	return url
}

// refused posts what is not to succeed, and gives the message.
func (w *world) refused(t *testing.T, body string) string {
	t.Helper()
	url, err := Post(t.Context(), w.Options, body)
	require.Error(t, err)
	assert.Empty(t, url)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		assert.NotContains(t, fmt.Sprintf(form, err), canary)
	}
	return err.Error()
}

func (w *world) comments() []githubtest.Comment { return w.Comments(repository, pull) }

// of is the run that came at a place.
func (w *world) of(id int64) Options {
	o := w.Options
	o.Run.ID = id
	return o
}

func text(content string) string { return key + "\n" + content }

func stampedText(run int64, content string) string {
	return fmt.Sprintf("%s\n<!-- platform-review-run %d.1 %s -->\n%s", key, run, commit, content)
}
