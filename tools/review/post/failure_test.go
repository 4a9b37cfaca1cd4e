package post

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
)

// What GitHub refuses is reported once, with a remedy, and not tried again.
func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		pattern string
		answer  http.HandlerFunc
		want    []string
	}{
		"token":         {asking, githubtest.Status(401, "Bad credentials"), []string{`status 401 ("Bad credentials")`, "put a token into GITHUB_TOKEN"}},
		"no permission": {creating, githubtest.Status(403, "Resource not accessible by integration"), []string{`create the comment: GitHub refuses it with status 403 ("Resource not accessible by integration")`, `give the job the permission "pull-requests: write"`}},
		"not there":     {listing, githubtest.Status(404, "Not Found"), []string{"list comments", "check that there is a repository edd/cloud with such a pull request"}},
		"too long": {
			creating, raw(422, `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"Body is too long (maximum is 65536 characters)"}]}`),
			[]string{`"Validation Failed: Body is too long (maximum is 65536 characters)"`, "check repository, number and text"},
		},
		"log-in page":    {listing, page(200), []string{"check that 127.0.0.1:", "is GitHub's API (GitHub Enterprise: https://HOST/api/v3)"}},
		"nobody's token": {asking, raw(200, `{"errors":[{"message":"x"}]}`), []string{"the answer is empty", "is GitHub's API"}},
		"empty answer":   {creating, raw(201, `{}`), []string{"is GitHub's API"}},
		"an hour's limit": {
			listing, header("X-Ratelimit-Remaining", "0", header("X-Ratelimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10), githubtest.Status(403, "API rate limit exceeded"))),
			[]string{"API rate limit exceeded", "run the job again at ", "UTC"},
		},
		"a long pause": {listing, header("Retry-After", "61", githubtest.Status(429, "slow down")), []string{"slow down", "run the job again in some minutes"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Script(tc.pattern, times(looks, tc.answer)...)
			said := w.refused(t, text("x"))
			assert.Contains(t, said, "comment on edd/cloud#12: ")
			for _, want := range tc.want {
				assert.Contains(t, said, want)
			}
			if name != "empty answer" { // where the next look may find it
				assert.Equal(t, 1, w.Count(tc.pattern))
			}
			assert.Empty(t, w.comments())
		})
	}
}

// A failure that passes is not noticed, and nothing is written twice.
func TestRetries(t *testing.T) {
	w := newWorld(t)
	for name, answer := range map[string]http.HandlerFunc{
		"bad gateway":     page(502),
		"cut":             func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no answer":       w.lose,
		"a pause":         header("Retry-After", "0", githubtest.Status(403, "slow down")),
		"too many":        header("Retry-After", "0", githubtest.Status(429, "slow down")),
		"done, and a 502": func(rw http.ResponseWriter, r *http.Request) { w.Answer(httptest.NewRecorder(), r); page(502)(rw, r) },
	} {
		for _, pattern := range []string{asking, listing, creating, editing, deleting} {
			t.Run(name+" "+pattern, func(t *testing.T) {
				fresh := newWorld(t)
				w.Server, w.settings = fresh.Server, fresh.settings
				if pattern == editing || pattern == deleting {
					w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
					w.Comment(repository, pull, githubtest.Actions, stampedText(2, "old"))
				}
				w.Script(pattern, answer, answer)
				w.post(t, text("x"))
				assert.Equal(t, []string{stampedText(700, "x")}, w.bodies())
			})
		}
	}
}

func TestPauses(t *testing.T) {
	after := func(seconds string) http.Header { return http.Header{"Retry-After": {seconds}} }
	soon := strconv.FormatInt(time.Now().Add(30*time.Second).Unix(), 10)
	for name, tc := range map[string]struct {
		status int // 0 for no answer
		header http.Header
		want   time.Duration
	}{
		"network":          {0, nil, 4 * time.Second},
		"502":              {502, after("7"), 4 * time.Second},
		"Retry-After":      {403, after("7"), 7 * time.Second},
		"429 without time": {429, nil, time.Minute},
		"primary":          {403, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {soon}}, 31 * time.Second},
	} {
		var response *http.Response
		if tc.status != 0 {
			response = &http.Response{StatusCode: tc.status, Header: tc.header, Body: http.NoBody}
		}
		assert.InDelta(t, tc.want, backoff(time.Second, time.Minute, 2, response), float64(2*time.Second), name)
	}
	bounded, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	again, err := retry(bounded, &http.Response{StatusCode: 403, Header: after("30"), Body: http.NoBody}, nil)
	require.NoError(t, err)
	assert.False(t, again, "no time is left for the pause")
}

func TestNetwork(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for name, tc := range map[string]struct {
		mutate func(*world)
		want   string
	}{
		"unknown authority": {func(w *world) { w.transport = nil }, "have the system trust the authority of 127.0.0.1"},
		"nobody listens":    {func(w *world) { w.API = "https://" + closed.Addr().String() }, "connection refused; check that 127.0.0.1:"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.mutate(w)
			assert.Contains(t, w.refused(t, text("x")), tc.want)
		})
	}
}

// The token goes to one host, and a write stays a write.
func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 307} {
		for _, pattern := range []string{asking, listing, creating, editing} {
			w, other := newWorld(t), newWorld(t)
			if pattern == editing {
				w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
			}
			w.Script(pattern, redirect(status, other.URL()+"elsewhere"))
			assert.Contains(t, w.refused(t, text("x")), "redirects to another address, "+strings.TrimSuffix(other.URL(), "/"))
			assert.Empty(t, other.Requests())
		}
	}
	w := newWorld(t)
	w.Script(creating, redirect(301, "/repositories/1"))
	assert.Contains(t, w.refused(t, text("x")), "use the repository's present name")
	w.Script(listing, redirect(301, "/repos/edd/cloud/issues/12/comments?per_page=100"))
	w.post(t, text("x"))
	assert.Len(t, w.comments(), 1)
}

// Ctrl-C ends whatever is under way, at once and as what it is.
func TestEnded(t *testing.T) {
	for _, pattern := range []string{asking, listing, creating} {
		w := newWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		w.Script(pattern, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		_, err := Post(ctx, w.Options, text("x"))
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 1, w.Count(pattern))
	}
}

// Whatever a server says of the token, it is not repeated; what it says for a
// terminal neither.
func TestServerRepeatsTheToken(t *testing.T) {
	said := "Bearer " + canary + " \x1b[31m\u202e is wrong\r\nreally " + strings.Repeat("x", 500)
	for _, pattern := range []string{asking, listing, creating} {
		for _, status := range []int{400, 401, 403, 404, 422, 429, 500} {
			w := newWorld(t)
			w.Script(pattern, times(40, header("Retry-After", "99", githubtest.Status(status, said)))...)
			message := w.refused(t, text("x"))
			for _, foreign := range []string{"\x1b", "\u202e", strings.Repeat("x", longestQuote)} {
				assert.NotContains(t, message, foreign)
			}
		}
	}
	w := newWorld(t)
	w.Script(listing, redirect(302, "https://"+strings.ToLower(canary)+".example/"+canary))
	assert.NotContains(t, w.refused(t, text("x")), strings.ToLower(canary))
}
