package post

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"platform/tools/review/post/githubtest"
)

func TestNetwork(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for name, tc := range map[string]struct {
		mutate func(*world)
		want   string
	}{
		"unknown authority": {func(w *world) { w.Options.Roots = nil }, "is not trusted: tls: failed to verify certificate: x509: "},
		"another host":      {func(w *world) { w.API = strings.Replace(w.API, "127.0.0.1", "localhost", 1) }, "is not trusted: tls: failed to verify certificate: x509: certificate is valid for"},
		"no TLS":            {func(w *world) { w.API = strings.Replace(plain.URL, "http:", "https:", 1) }, "does not speak TLS; correct the API's address"},
		"nobody listens":    {func(w *world) { w.API = "https://" + closed.Addr().String() }, "cannot be reached: dial tcp " + closed.Addr().String() + ": connect: connection refused (5 attempts); check"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.mutate(w)
			said := w.refused(t, text("x"))
			assert.Contains(t, said, tc.want)
			assert.NotContains(t, said, "may have been written")
			assert.Empty(t, w.comments())
		})
	}
}

func TestUnknownHost(t *testing.T) {
	c := client{caller: t.Context(), options: Options{API: "https://github.invalid/", Token: canary}, subject: subject{name: "x"}}
	for _, tc := range []struct {
		cause error
		want  string
	}{
		{&net.DNSError{Err: "no such host", Name: "github.invalid", IsNotFound: true}, `x: there is no host "github.invalid"; correct the API's address`},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, "x: github.invalid cannot be reached: dial: lookup"},
	} {
		f := c.judge(t.Context(), action{once: true}, nil, &net.OpError{Op: "dial", Err: tc.cause})
		assert.False(t, f.lost)
		assert.Equal(t, strings.Contains(tc.want, "reached"), f.passing())
		assert.ErrorContains(t, c.explain(f), tc.want)
	}
}

// The token goes to one host, whatever that says.
func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, pattern := range []string{asking, listing, creating, editing, deleting} {
			t.Run(fmt.Sprint(status, pattern), func(t *testing.T) {
				w, other := newWorld(t), newWorld(t)
				if pattern == editing || pattern == deleting {
					w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
					w.Comment(repository, pull, githubtest.Actions, stampedText(2, "old"))
				}
				w.Script(pattern, githubtest.Redirect(status, other.URL()+"elsewhere"))
				said := w.refused(t, text("x"))
				assert.Contains(t, said, "leads on to "+strings.TrimSuffix(other.URL(), "/")+", and the token is not sent there; correct the API's address")
				assert.Empty(t, other.Requests())
			})
		}
	}
}

// A repository that was renamed: GitHub leads on within its host.
func TestRenamed(t *testing.T) {
	old := func(status int) githubtest.Fault {
		return func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
			githubtest.Redirect(status, "/repositories/1"+r.URL.Path)(rw, r, api)
		}
	}
	served := func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/repositories/1")
		api(rw, r)
	}
	w := newWorld(t)
	w.Script(listing, githubtest.Times(2, old(301))...)
	w.Script(creating, old(307))
	for _, method := range []string{"GET", "POST"} {
		w.Script(method+" /repositories/1/repos/*/*/issues/*/comments", githubtest.Times(2, served)...)
	}
	w.post(t, text("x"))
	require.Len(t, w.comments(), 1)

	w = newWorld(t) // as a question the write would be answered, and not done
	w.Script(creating, old(301))
	assert.Contains(t, w.refused(t, text("x")), "leads on to another address, where nothing can be written; use the repository's present name")
	assert.Empty(t, w.comments())

	w = newWorld(t)
	w.Script("GET", githubtest.Times(20, githubtest.Redirect(301, "/again"))...)
	assert.Contains(t, w.refused(t, text("x")), "leads on to another address")
}

// A list whose pages lead back ends.
func TestCircularPages(t *testing.T) {
	for _, link := range []string{"page=1", "page=0", "page=1&after="} {
		w := newWorld(t)
		w.Script(listing, githubtest.Header("Link", `<https://x/?`+link+`>; rel="next"`, githubtest.Raw(200, "[]")))
		if link == "page=0" { // which is no page: the list ends
			w.post(t, text("x"))
			continue
		}
		assert.Contains(t, w.refused(t, text("x")), "answers what GitHub's API does not")
	}
}

// What a request opened is closed when Post ends, not when the process does.
func TestConnectionsAreClosed(t *testing.T) {
	w := newWorld(t)
	before := goleak.IgnoreCurrent()
	w.post(t, text("x"))
	assert.NoError(t, goleak.Find(before))
}

// A server that sends for ever is left.
func TestEndlessAnswer(t *testing.T) {
	ended := 0
	body := &bounded{ReadCloser: io.NopCloser(strings.NewReader("ab")), left: 1, end: func() { ended++ }}
	read, err := io.ReadAll(body)
	assert.Equal(t, "a", string(read))
	require.ErrorIs(t, err, errTooLarge)
	whole := &bounded{ReadCloser: http.NoBody, left: 1, end: func() { ended++ }}
	_, err = io.ReadAll(whole)
	require.NoError(t, err)
	assert.Equal(t, 1, ended, "what is read to its end has ended, closed or not")
	c := client{caller: t.Context()}
	assert.Equal(t, oversize, c.judge(t.Context(), action{}, nil, fmt.Errorf("read: %w", errTooLarge)).kind)
}

// Whatever a server says of the token, it is not repeated; what it says for a
// terminal neither.
func TestServerRepeatsTheToken(t *testing.T) {
	said := "Bearer " + canary + " \x1b[31m\u202e is wrong\r\nreally " + strings.Repeat("x", 500)
	for _, pattern := range []string{asking, listing, creating} {
		for _, status := range []int{400, 401, 403, 404, 410, 422, 429, 500} {
			w := newWorld(t)
			w.Script(pattern, githubtest.Times(9, githubtest.Header("X-Accepted-Github-Permissions", canary, githubtest.Status(status, said)))...)
			message := w.refused(t, text("x"))
			assert.NotContains(t, message, "\x1b")
			assert.NotContains(t, message, "\u202e")
			assert.NotContains(t, message, "\n")
			assert.NotContains(t, message, strings.Repeat("x", longestQuote))
		}
	}
	w := newWorld(t)
	w.Script(listing, githubtest.Redirect(302, "https://"+strings.ToLower(canary)+".example/"+canary))
	w.refused(t, text("x"))
	w = newWorld(t)
	w.Script(listing, func(rw http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		rw.Header().Set("Content-Type", "text/"+canary)
		rw.WriteHeader(200)
	})
	assert.NotContains(t, strings.ToLower(w.refused(t, text("x"))), strings.ToLower(canary))
	w = newWorld(t)
	w.Script(creating, func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		answer := httptest.NewRecorder()
		api(answer, r)
		githubtest.Raw(201, strings.ReplaceAll(answer.Body.String(), "issuecomment", canary+`\u001b[31m`))(rw, r, api)
	}, nil)
	w.Script(listing, nil, githubtest.Raw(200, "[]")) // where the answer to the creation is all there is
	url := w.post(t, text("x"))
	assert.Contains(t, url, "#<token> [31m-1")
	assert.Contains(t, w.said(), "#<token> [31m-1")
}
