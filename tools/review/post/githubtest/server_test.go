package githubtest

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) of(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(r.body), into), r.body)
}

func ask(t *testing.T, s *Server, method, address, token, body string) reply {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.Roots(), MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL()+address, strings.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response.StatusCode, response.Header, string(text)}
}

func newServer(t *testing.T) *Server {
	s := New(t)
	s.Allow("t", Actions, true)
	s.AddPull("o/r", 1)
	return s
}

const comments = "repos/o/r/issues/1/comments"

// The relations of each page are those that the documentation shows: next and
// last but on the last page, prev and first but on the first.
func TestPages(t *testing.T) {
	s := newServer(t)
	for i := range 65 {
		s.Comment("o/r", 1, Actions, fmt.Sprint(i))
	}
	for query, want := range map[string]struct {
		n     int
		links string
	}{
		"":                       {30, "next=2 last=3"},
		"?page=2":                {30, "prev=1 next=3 last=3 first=1"},
		"?page=3":                {5, "prev=2 first=1"},
		"?page=4":                {0, "prev=3 first=1"},
		"?per_page=65":           {65, ""},
		"?per_page=64":           {64, "next=2 last=2"},
		"?per_page=1000":         {65, ""},
		"?per_page=0":            {30, "next=2 last=3"},
		"?per_page=x&page=y":     {30, "next=2 last=3"},
		"?per_page=50&page=2":    {15, "prev=1 first=1"},
		"?after=" + cursor + "3": {30, "next=2 last=3"},
	} {
		got := ask(t, s, "GET", comments+query, "t", "")
		var list []struct{ Body string }
		got.of(t, &list)
		assert.Len(t, list, want.n, query)
		var links []string
		for _, link := range strings.Split(got.header.Get("Link"), ", ") {
			if address, relation, found := strings.Cut(link, "; "); found {
				_, number, _ := strings.Cut(address, "?")
				for _, part := range strings.Split(strings.Trim(number, ">"), "&") {
					if page, is := strings.CutPrefix(part, "page="); is {
						links = append(links, strings.Trim(strings.TrimPrefix(relation, "rel="), `"`)+"="+page)
					}
				}
			}
		}
		assert.Equal(t, want.links, strings.Join(links, " "), query)
	}
	for range 150 {
		s.Comment("o/r", 1, Actions, "more")
	}
	var list []struct{ Body string }
	ask(t, s, "GET", comments+"?per_page=1000", "t", "").of(t, &list)
	assert.Len(t, list, 100)
}

func TestLifeOfAComment(t *testing.T) {
	s := newServer(t)
	made := ask(t, s, "POST", comments, "t", `{"body":"one"}`)
	assert.Equal(t, 201, made.status)
	var shown struct {
		ID              int64
		Body            string
		URL, HTMLURL    string
		User            struct{ Login, Type string }
		CreatedAt, Etag string
	}
	made.of(t, &shown)
	assert.Equal(t, "github-actions[bot] Bot one", shown.User.Login+" "+shown.User.Type+" "+shown.Body)
	assert.Equal(t, shown.URL, made.header.Get("Location"))
	at := fmt.Sprintf("repos/O/R/issues/comments/%d", shown.ID) // names have no case
	assert.Equal(t, 200, ask(t, s, "PATCH", at, "t", `{"body":"two"}`).status)
	ask(t, s, "GET", at, "t", "").of(t, &shown)
	assert.Equal(t, "two", shown.Body)
	gone := ask(t, s, "DELETE", at, "t", "")
	assert.Equal(t, "204 ", fmt.Sprint(gone.status, " ", gone.body))
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		assert.Equal(t, 404, ask(t, s, method, at, "t", `{"body":"x"}`).status)
	}
}

// The limit is one of bytes, and the refusals are worded as GitHub's.
func TestLimit(t *testing.T) {
	s := newServer(t)
	send := func(method, address, text string) reply {
		body, err := json.Marshal(map[string]string{"body": text, "title": "t"})
		require.NoError(t, err)
		return ask(t, s, method, address, "t", string(body))
	}
	id := s.Comment("o/r", 1, Actions, "old")
	at := fmt.Sprintf("repos/o/r/issues/comments/%d", id)
	for _, fits := range []string{strings.Repeat("a", 262_144), strings.Repeat("🌈", 65_536)} {
		assert.Equal(t, 201, send("POST", comments, fits).status)
		assert.Equal(t, 200, send("PATCH", at, fits).status)
		for method, refused := range map[string]reply{"B": send("POST", comments, fits+"a"), "b": send("PATCH", at, fits+"a")} {
			assert.Equal(t, 422, refused.status)
			var shown map[string]any
			refused.of(t, &shown)
			assert.Equal(t, "Validation Failed 422", fmt.Sprint(shown["message"], " ", shown["status"]))
			assert.Equal(t, []any{map[string]any{
				"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": method + "ody is too long (maximum is 65536 characters)",
			}}, shown["errors"])
		}
		assert.Equal(t, fits, s.Comments("o/r", 1)[0].Body)
	}
	over := strings.Repeat("a", Limit+1)
	assert.Equal(t, 2, strings.Count(send("POST", "repos/o/r/issues", over).body, "is too long"))
	number := s.Issue("o/r", Actions, "t", "old")
	assert.Equal(t, 200, send("PATCH", fmt.Sprintf("repos/o/r/issues/%d", number), over).status)
	assert.Equal(t, "old", s.Issues("o/r")[0].Body, "kept in silence")
}

func TestRefusals(t *testing.T) {
	s := newServer(t)
	s.Allow("reader", Actions, false)
	s.AddPull("o/locked", 1)
	s.Lock("o/locked", 1)
	s.AddPull("o/off", 1)
	s.Disable("o/off")
	for _, tc := range []struct {
		method, address, token, body string
		status                       int
		message                      string
	}{
		{"GET", comments, "", "", 401, "Bad credentials"},
		{"GET", comments, "unknown", "", 401, "Bad credentials"},
		{"POST", "graphql", "unknown", "", 401, "Bad credentials"},
		{"POST", comments, "reader", `{"body":"x"}`, 403, "Resource not accessible by integration"},
		{"GET", "repos/o/none/issues/1/comments", "t", "", 404, "Not Found"},
		{"GET", "repos/o/r/issues/2/comments", "t", "", 404, "Not Found"},
		{"POST", "repos/o/r/issues/2/comments", "t", `{"body":"x"}`, 404, "Not Found"},
		{"GET", "repos/o/r/issues/2", "t", "", 404, "Not Found"},
		{"PATCH", "repos/o/r/issues/2", "t", "{}", 404, "Not Found"},
		{"PATCH", "repos/o/r/issues/1", "t", "{", 400, "Problems parsing JSON"},
		{"GET", "user", "t", "", 404, "Not Found"},
		{"POST", comments, "t", "{}", 422, "Invalid request.\n\n\"body\" wasn't supplied."},
		{"POST", comments, "t", `{"body":" "}`, 422, "Validation Failed"},
		{"PATCH", "repos/o/r/issues/comments/1000001", "t", "{}", 422, "Invalid request.\n\n\"body\" wasn't supplied."},
		{"POST", "repos/o/r/issues", "t", "{}", 422, "Invalid request.\n\n\"title\" wasn't supplied."},
		{"POST", "repos/o/locked/issues/1/comments", "t", `{"body":"x"}`, 403, "Unable to create comment because issue is locked."},
		{"GET", "repos/o/off/issues", "t", "", 410, "Issues are disabled for this repo"},
		{"POST", "repos/o/off/issues", "t", `{"title":"x"}`, 410, "Issues are disabled for this repo"},
		{"GET", "repos/o/r/issues?page=100", "t", "", 422, "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)"},
	} {
		if strings.HasSuffix(tc.address, "1000001") {
			tc.address = fmt.Sprintf("repos/o/r/issues/comments/%d", s.Comment("o/r", 1, Actions, "x"))
		}
		got := ask(t, s, tc.method, tc.address, tc.token, tc.body)
		assert.Equal(t, tc.status, got.status, tc)
		var shown struct {
			Message       string `json:"message"`
			Documentation string `json:"documentation_url"`
			Status        string `json:"status"`
		}
		got.of(t, &shown)
		assert.Equal(t, tc.message, shown.Message, tc)
		assert.Equal(t, fmt.Sprint(tc.status), shown.Status)
		assert.Contains(t, shown.Documentation, "https://docs.github.com/")
	}
	locked := ask(t, s, "GET", "repos/o/locked/issues/1", "t", "")
	assert.Contains(t, locked.body, `"locked":true`)
	assert.Contains(t, locked.body, `"pull_request"`)
}

func TestViewer(t *testing.T) {
	s := newServer(t)
	assert.JSONEq(t, `{"data":{"viewer":{"login":"github-actions[bot]"}}}`, ask(t, s, "POST", "graphql", "t", `{"query":"query { viewer { login } }"}`).body)
	assert.Contains(t, ask(t, s, "POST", "graphql", "t", `{"query":"query { everything }"}`).body, `"errors"`)
}

func TestListOfIssues(t *testing.T) {
	s := newServer(t)
	first := s.Issue("o/r", Actions, "first", "")
	s.Issue("o/r", Account{Login: "me", Kind: "User"}, "second", "")
	s.Close("o/r", first)
	for query, want := range map[string]string{
		"":          "second,a pull request",
		"state=all": "second,first,a pull request", "state=closed": "first",
		"state=all&creator=github-actions[bot]": "first",
	} {
		var list []struct{ Title string }
		ask(t, s, "GET", "repos/o/r/issues?"+query, "t", "").of(t, &list)
		titles := []string{}
		for _, i := range list {
			titles = append(titles, i.Title)
		}
		assert.Equal(t, want, strings.Join(titles, ","), query)
	}
}

func TestScripts(t *testing.T) {
	s := newServer(t)
	s.Script("GET /repos/*/*/issues/*/comments", nil, Status(500, "x"), Header("Retry-After", "3", Secondary(403, 0)), Primary(429, time.Unix(5, 0)))
	s.Script("DELETE", Page(502))
	var got []int
	for range 5 {
		got = append(got, ask(t, s, "GET", comments, "t", "").status)
	}
	assert.Equal(t, []int{200, 500, 403, 429, 200}, got)
	assert.Equal(t, 502, ask(t, s, "DELETE", "anything", "t", "").status)
	assert.Equal(t, 5, s.Count("GET /repos/*/*/issues/*/comments"))
	assert.Equal(t, 0, s.Count("GET /repos/*"))
	assert.Equal(t, "t", s.Requests()[0].Token)
}
