package post

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-github/v89/github"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

const (
	repository = "edd/cloud"
	pull       = 12
	key        = "<!-- platform-review edd/cloud platform -->"
	canary     = "ghs_CanaryTokenThatMustNotShow0123456789"
	commit     = "4fd2a7c0d3b1e5f60718293a4b5c6d7e8f901234"
	someone    = "mallory"

	asking   = "POST /graphql"
	listing  = "GET /repos/*/*/issues/*/comments"
	creating = "POST /repos/*/*/issues/*/comments"
	editing  = "PATCH /repos/*/*/issues/comments/*"
	deleting = "DELETE /repos/*/*/issues/comments/*"
)

// settings are a level below the double, whose names are as short.
type settings struct{ Options }

// world is a double with one pull request, and options to post to it.
type world struct {
	*githubtest.Server
	settings

	mu  sync.Mutex
	out bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Server: githubtest.New(t)}
	w.AddPull(repository, pull)
	w.Allow(canary, githubtest.Actions, true)
	w.Options = Options{
		Repository: repository, Pull: pull, Token: canary, API: w.URL(), Key: key, Commit: commit, Run: Run{ID: 700, Attempt: 1},
		Out: w, transport: w.Transport(), firstPause: time.Microsecond,
	}
	t.Cleanup(func() { assert.NotContains(t, w.said(), canary) })
	return w
}

// Write is what is reported.
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

func (w *world) post(t *testing.T, body string) string {
	t.Helper()
	url, err := Post(t.Context(), w.Options, body)
	require.NoError(t, err)
	return url
}

// refused posts what is not to succeed, and returns the message.
func (w *world) refused(t *testing.T, body string) string {
	t.Helper()
	url, err := Post(t.Context(), w.Options, body)
	require.Error(t, err)
	assert.Empty(t, url)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		assert.NotContains(t, fmt.Sprintf(form, err), canary)
	}
	assert.NotContains(t, err.Error(), "\n")
	return err.Error()
}

func (w *world) comments() []github.IssueComment { return w.Comments(repository, pull) }

// bodies are those of the comments.
func (w *world) bodies() []string {
	var all []string
	for _, comment := range w.comments() {
		all = append(all, comment.GetBody())
	}
	return all
}

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

// times is an answer that repeats.
func times(n int, answer http.HandlerFunc) []http.HandlerFunc {
	all := make([]http.HandlerFunc, n)
	for i := range all {
		all[i] = answer
	}
	return all
}

// raw answers with a text as JSON that may be none.
func raw(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

// page answers as proxies and portals do.
func page(status int) http.HandlerFunc { return raw(status, "<!DOCTYPE html><title>Sign in</title>") }

func header(name, value string, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		answer(w, r)
	}
}

func redirect(status int, to string) http.HandlerFunc {
	return header("Location", to, raw(status, "{}"))
}

// lose does what is asked and ends the connection without an answer.
func (w *world) lose(_ http.ResponseWriter, r *http.Request) {
	w.Answer(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// after lets the API answer, then does something before the client has the
// answer.
func (w *world) after(do func()) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		w.Answer(answer, r)
		do()
		rw.Header().Set("Link", answer.Header().Get("Link"))
		raw(answer.Code, answer.Body.String())(rw, r)
	}
}

// before does something, then lets the API answer.
func (w *world) before(do func()) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		do()
		w.Answer(rw, r)
	}
}
