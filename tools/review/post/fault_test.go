package post

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"platform/tools/review/post/githubtest"
)

const asking = "POST /graphql"

// What GitHub refuses is told once, with a remedy, and not tried again.
func TestRefusals(t *testing.T) {
	status := githubtest.Status
	for name, tc := range map[string]struct {
		pattern string
		fault   githubtest.Fault
		want    string
	}{
		"token":         {asking, status(401, "Bad credentials"), `GitHub does not accept the token ("Bad credentials"); put one into GITHUB_TOKEN that has not expired`},
		"token, later":  {listing, status(401, "Bad credentials"), `GitHub does not accept the token`},
		"no permission": {creating, status(403, "Resource not accessible by integration"), `GitHub refuses to create the comment: status 403 ("Resource not accessible by integration"); give the job the permission "pull-requests: write"; a job that a fork's pull request started has none`},
		"single sign-on": {
			listing, status(403, "Resource protected by organization SAML enforcement."),
			`GitHub refuses to list comments: status 403 ("Resource protected by organization SAML enforcement.")`,
		},
		"not there": {listing, status(404, "Not Found"), "not found: there is no repository edd/cloud, it has no such pull request, or the token must not see it; correct repository and number"},
		"gone":      {listing, status(410, "This issue was deleted"), `GitHub says that there is none ("This issue was deleted")`},
		"too long": {
			creating, githubtest.Raw(422, `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"Body is too long (maximum is 65536 characters)"}]}`),
			`the text is too long for this GitHub ("Validation Failed: Body is too long (maximum is 65536 characters)"); shorten it where it is written; github.com stores 262144 bytes, and nothing is cut here`,
		},
		"refused text": {creating, status(422, "Validation Failed"), `GitHub refuses to create the comment: status 422 ("Validation Failed"); check repository, number and text`},
		"foreign page": {listing, githubtest.Page(200), " answers status 200 with text/html, which is not GitHub's API; correct the API's address (GitHub Enterprise: https://HOST/api/v3); a log-in page or a proxy may stand before it"},
		"foreign 404":  {listing, githubtest.Page(404), " answers status 404 with text/html, which is not GitHub's API"},
		"no answer type": {listing, func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
			w.Header()["Content-Type"] = nil
			_, _ = w.Write([]byte("[]"))
		}, " answers status 200 with no content type"},
		"foreign on creation": {creating, githubtest.Page(200), "which is not GitHub's API"},
		"nobody's token":      {asking, githubtest.Raw(200, `{"errors":[{"message":"x"}]}`), "does not say whose the token is; name the account that posts, such as github-actions[bot]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Script(tc.pattern, tc.fault)
			said := w.refused(t, text("x"))
			assert.Contains(t, said, "comment on edd/cloud#12: ")
			assert.Contains(t, said, tc.want)
			assert.Equal(t, 1, w.Count(tc.pattern))
			assert.Empty(t, w.comments())
			assert.NotContains(t, said, "\n")
		})
	}
}

func TestRightsOfTheToken(t *testing.T) {
	w := newWorld(t)
	w.Allow(canary, githubtest.Actions, false)
	assert.Contains(t, w.refused(t, text("x")), `("Resource not accessible by integration") (it asks for issues=write; pull_requests=write); give the job the permission "pull-requests: write"`)

	w.Token = "ghs_another"
	assert.Contains(t, w.refused(t, text("x")), "GitHub does not accept the token")

	w = newWorld(t)
	w.Pull = 13
	assert.Contains(t, w.refused(t, text("x")), "it has no such pull request")
	w.Repository = "edd/other"
	assert.Contains(t, w.refused(t, text("x")), "there is no repository edd/other")
}

func TestLocked(t *testing.T) {
	w := newWorld(t)
	w.Lock(repository, pull)
	assert.Contains(t, w.refused(t, text("x")), "the conversation is locked, and this token may not write in it; unlock it")
}

// Faults that pass are tried again wherever that does no harm.
func TestTriedAgain(t *testing.T) {
	cut, half, lose := githubtest.Fault(githubtest.Cut), githubtest.Fault(githubtest.Half), githubtest.Fault(githubtest.Lose)
	page, status := githubtest.Page, githubtest.Status
	for name, faults := range map[string][]githubtest.Fault{
		"500":              {status(500, "Server Error")},
		"502 in HTML":      {page(502), page(502)},
		"503, 504":         {status(503, "x"), page(504)},
		"cut":              {cut, cut},
		"half an answer":   {half},
		"done, not told":   {lose},
		"done, and a 502":  {githubtest.Late(502)},
		"not JSON":         {githubtest.Raw(200, "{]")},
		"another JSON":     {githubtest.Raw(200, `{"message":"hello"}`)},
		"null":             {githubtest.Raw(200, "null")},
		"nothing":          {githubtest.Raw(200, "")},
		"up to the fourth": {cut, page(500), cut, page(500)},
	} {
		for _, pattern := range []string{listing, editing, creating} {
			t.Run(name+" "+strings.Fields(pattern)[0], func(t *testing.T) {
				w := newWorld(t)
				w.Comment(repository, pull, someone, "first")
				if pattern != creating {
					w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
				}
				w.Script(pattern, faults...)
				w.post(t, text("new"))
				assert.Equal(t, pattern == creating, w.Count(creating) > 0)
				require.Len(t, w.comments(), 2)
				assert.Equal(t, stampedText(700, "new"), w.comments()[1].Body)
				assert.Empty(t, w.waited())
			})
		}
	}
}

// An edit that was answered with something else was not done. Without a run
// the next look would not tell.
func TestEditAnsweredOtherwise(t *testing.T) {
	w := newWorld(t)
	w.Run = Run{}
	w.Comment(repository, pull, githubtest.Actions, text("old"))
	w.Script(editing, githubtest.Raw(200, `{"message":"hello"}`))
	w.post(t, text("new"))
	assert.Equal(t, text("new"), w.comments()[0].Body)
}

// A creation whose answer was lost is looked for before it is repeated.
func TestLostCreation(t *testing.T) {
	for name, tc := range map[string]struct {
		fault githubtest.Fault
		posts int
	}{
		"done, not told":      {githubtest.Lose, 1},
		"done, and a 502":     {githubtest.Late(502), 1},
		"done, half told":     {githubtest.Half, 1},
		"not done, not told":  {githubtest.Cut, 2},
		"not done, and a 500": {githubtest.Status(500, "x"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Script(creating, tc.fault)
			url := w.post(t, text("new"))
			require.Len(t, w.comments(), 1)
			assert.Equal(t, tc.posts, w.Count(creating))
			assert.Contains(t, url, "#issuecomment-")
		})
	}
}

// A creation that arrives after it was looked for makes a second comment, which
// is taken away.
func TestLateCreation(t *testing.T) {
	w := newWorld(t)
	w.Script(creating, githubtest.Cut, githubtest.Before(func() {
		w.Comment(repository, pull, githubtest.Actions, stampedText(700, "new"))
	}))
	w.post(t, text("new"))
	require.Len(t, w.comments(), 1)
}

func TestFaultsThatStay(t *testing.T) {
	for name, tc := range map[string]struct {
		pattern string
		fault   githubtest.Fault
		want    string
	}{
		"500":             {listing, githubtest.Status(500, "Server Error"), ` is at fault: status 500 ("Server Error") (5 attempts); see whether GitHub has an incident`},
		"502":             {editing, githubtest.Page(502), " is at fault: status 502 (5 attempts)"},
		"cut":             {listing, githubtest.Cut, " cannot be reached: EOF (5 attempts); check that 127.0.0.1"},
		"not JSON":        {listing, githubtest.Raw(200, "["), "(5 attempts)"},
		"creation":        {creating, githubtest.Page(502), " is at fault: status 502 (5 attempts); see whether GitHub has an incident (www.githubstatus.com), and run the job again (the comment may have been written all the same; the next run finds it)"},
		"creation, cut":   {creating, githubtest.Cut, "may have been written all the same"},
		"secondary limit": {creating, githubtest.Secondary(403, 1), `GitHub's limit on many requests at once ("You have exceeded a secondary rate limit. Please wait a few minutes before you try again.") (5 attempts); run the job again in some minutes`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if tc.pattern == editing {
				w.Comment(repository, pull, githubtest.Actions, stampedText(1, "old"))
			}
			w.Script(tc.pattern, githubtest.Times(50, tc.fault)...)
			assert.Contains(t, w.refused(t, text("x")), tc.want)
			assert.GreaterOrEqual(t, w.Count(tc.pattern), 5) // net/http repeats questions itself where a kept connection ends
			assert.LessOrEqual(t, w.Count(tc.pattern), 6)
		})
	}
}

func TestRateLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		fault    githubtest.Fault
		from, to time.Duration // waited
	}{
		"secondary":                      {githubtest.Secondary(403, 7), 7 * time.Second, 7 * time.Second},
		"secondary, 429":                 {githubtest.Secondary(429, 7), 7 * time.Second, 7 * time.Second},
		"secondary without a time":       {githubtest.Secondary(403, 0), time.Minute, time.Minute},
		"primary":                        {githubtest.Primary(403, time.Now().Add(30*time.Second)), 20 * time.Second, 31 * time.Second},
		"primary, 429":                   {githubtest.Primary(429, time.Now().Add(30*time.Second)), 20 * time.Second, 31 * time.Second},
		"primary that is over":           {githubtest.Primary(403, time.Now().Add(-time.Minute)), time.Second, time.Second},
		"primary with a time of its own": {githubtest.Header("Retry-After", "5", githubtest.Primary(403, time.Now().Add(30*time.Second))), 5 * time.Second, 5 * time.Second},
		"429 of a proxy":                 {githubtest.Status(429, "slow down"), time.Minute, time.Minute},
		"403 with a time":                {githubtest.Header("Retry-After", "3", githubtest.Status(403, "slow down")), 3 * time.Second, 3 * time.Second},
		"a date":                         {githubtest.Header("Retry-After", time.Now().Add(30*time.Second).UTC().Format(http.TimeFormat), githubtest.Status(429, "x")), 20 * time.Second, 30 * time.Second},
		"zero":                           {githubtest.Header("Retry-After", "0", githubtest.Status(429, "x")), time.Second, time.Second},
		"nonsense":                       {githubtest.Header("Retry-After", "soon", githubtest.Status(429, "x")), time.Minute, time.Minute},
	} {
		for _, pattern := range []string{asking, listing, creating} {
			t.Run(name+" "+pattern, func(t *testing.T) {
				w := newWorld(t)
				w.Script(pattern, tc.fault)
				w.post(t, text("x"))
				require.Len(t, w.comments(), 1)
				require.Len(t, w.waited(), 1)
				assert.GreaterOrEqual(t, w.waited()[0], tc.from)
				assert.LessOrEqual(t, w.waited()[0], tc.to)
				assert.Contains(t, w.said(), "comment on edd/cloud#12: GitHub asks to wait ")
			})
		}
	}
}

// A wait that is too long is not begun.
func TestLongRateLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		fault  githubtest.Fault
		mutate func(*Options)
		want   string
	}{
		"an hour":             {githubtest.Primary(403, time.Now().Add(time.Hour)), nil, `GitHub's limit of requests an hour ("API rate limit exceeded for installation ID 12345678."), and it asks to wait 1h0m`},
		"longer than Wait":    {githubtest.Secondary(403, 61), nil, "and it asks to wait 1m1s; run the job again at "},
		"a shorter Wait":      {githubtest.Secondary(403, 11), func(o *Options) { o.Wait = 10 * time.Second }, "and it asks to wait 11s"},
		"longer than is left": {githubtest.Secondary(403, 50), func(o *Options) { o.Timeout = 40 * time.Second }, "and it asks to wait 50s"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if tc.mutate != nil {
				tc.mutate(&w.Options)
			}
			w.Script(listing, tc.fault)
			assert.Contains(t, w.refused(t, text("x")), tc.want)
			assert.Empty(t, w.waited())
			assert.Equal(t, 1, w.Count(listing))
		})
	}
}

func TestAttemptsAreScattered(t *testing.T) {
	w := newWorld(t)
	w.pace = patience
	w.Script(listing, githubtest.Times(4, githubtest.Page(502))...)
	w.post(t, text("x"))
	waited := w.waited()
	require.Len(t, waited, 4)
	for i, wait := range waited {
		middle := patience.first << i
		assert.GreaterOrEqual(t, wait, middle/2)
		assert.LessOrEqual(t, wait, middle*3/2+time.Nanosecond)
	}
}

// A server that takes requests and answers none costs a bounded time.
func TestNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.Request = 20 * time.Millisecond
	w.Script(listing, githubtest.Times(50, w.Hang)...)
	said := w.refused(t, text("x"))
	assert.Contains(t, said, " gave no answer within 20ms (5 attempts); check that 127.0.0.1")

	w = newWorld(t)
	w.Request, w.Timeout = 10*time.Second, 100*time.Millisecond
	w.Script(creating, w.Hang)
	from := time.Now()
	said = w.refused(t, text("x"))
	assert.Less(t, time.Since(from), 5*time.Second)
	assert.Contains(t, said, "not done within 100ms; check")
	assert.Contains(t, said, "(the comment may have been written all the same; the next run finds it)")
}

// One that is cut off while a body is on its way ends by the same time.
func TestSlowBody(t *testing.T) {
	w := newWorld(t)
	w.Request = 30 * time.Millisecond
	w.Script(listing, func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte("["))
		rw.(http.Flusher).Flush()
		w.Hang(rw, r, api)
	})
	w.post(t, text("x"))
	assert.Equal(t, 3, w.Count(listing))
}

// Ctrl-C ends whatever is under way, at once and as what it is.
func TestEnded(t *testing.T) {
	for _, pattern := range []string{asking, listing, creating} {
		t.Run(pattern, func(t *testing.T) {
			w := newWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			w.Script(pattern, func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
				cancel()
				w.Hang(rw, r, api)
			})
			from := time.Now()
			_, err := Post(ctx, w.Options, text("x"))
			require.ErrorIs(t, err, context.Canceled)
			assert.Less(t, time.Since(from), 3*time.Second)
			assert.Equal(t, pattern == creating, strings.Contains(err.Error(), "may have been written"))
			assert.Equal(t, 1, w.Count(pattern))
		})
	}
}

func TestEndedInAPause(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.pause = func(ctx context.Context, length time.Duration) error {
		cancel()
		return sleep(ctx, length)
	}
	w.Script(listing, githubtest.Secondary(403, 50))
	from := time.Now()
	_, err := Post(ctx, w.Options, text("x"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, time.Since(from), 3*time.Second)
	require.NoError(t, sleep(t.Context(), time.Microsecond))
}

func TestEndedBefore(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Post(ctx, w.Options, text("x"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, w.Requests())
}

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
