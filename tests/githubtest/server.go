// Package githubtest is a double of GitHub's REST API for comments, issues and
// pull requests, over TLS on the loopback interface. It answers in the form
// that https://docs.github.com/rest describes, and fails as a test scripts it.
package githubtest

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-github/v89/github"
)

// Actions is the login behind the token that GitHub gives to a workflow.
const Actions = "github-actions[bot]"

// Limit is how long a comment or an issue may be, in bytes of UTF-8.
const Limit = 262_144

// Server is the double. Its methods may be called while it serves.
type Server struct {
	web *httptest.Server
	mux http.ServeMux

	mu           sync.Mutex
	accounts     map[string]account // by token
	repositories map[string]*repository
	numbers      int64 // of comments
	scripts      []*script
	requests     []Request
}

type account struct {
	login string
	write bool
}

type repository struct {
	name     string
	pulls    []*github.PullRequest
	issues   []*github.Issue
	comments map[int][]*github.IssueComment // by number of the pull request
}

// Request is one that was served, or answered by a script.
type Request struct{ Method, Path, Query, Token string }

type script struct {
	pattern string
	answers []http.HandlerFunc
}

// New starts a double, which ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{accounts: map[string]account{}, repositories: map[string]*repository{}, numbers: 1_000_000}
	s.routes()
	s.web = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.web.Config.ErrorLog = log.New(io.Discard, "", 0) // tests cut connections
	s.web.StartTLS()
	t.Cleanup(s.web.Close)
	return s
}

// URL is the base of the API.
func (s *Server) URL() string { return s.web.URL + "/" }

// Transport trusts the double.
func (s *Server) Transport() http.RoundTripper { return s.web.Client().Transport }

// Authority is the certificate that clients have to trust, as PEM.
func (s *Server) Authority() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.web.Certificate().Raw})
}

// Allow makes a token known. Without write it may only read, as the token of a
// workflow that a fork's pull request started.
func (s *Server) Allow(token, login string, write bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[token] = account{login, write}
}

// Script answers the requests that match a pattern, the first by the first
// answer and so on; nil lets the API answer. A pattern is a method and a path
// whose * stand for one part each.
func (s *Server) Script(pattern string, answers ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, &script{pattern, answers})
}

// Count returns the number of requests that match a pattern of [Server.Script].
func (s *Server) Count(pattern string) int {
	return len(slices.DeleteFunc(s.Requests(), func(r Request) bool { return !matches(pattern, r.Method, r.Path) }))
}

// Requests are all that came in, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func matches(pattern, method, address string) bool {
	found, err := path.Match(pattern, method+" "+address)
	return err == nil && found
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.URL.RawQuery, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")})
	answer := s.Answer
	for _, script := range s.scripts {
		if len(script.answers) > 0 && matches(script.pattern, r.Method, r.URL.Path) {
			if script.answers[0] != nil {
				answer = script.answers[0]
			}
			script.answers = script.answers[1:]
			break
		}
	}
	s.mu.Unlock()
	answer(w, r)
}

// Answer does what the API does.
func (s *Server) Answer(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// call is one request of a known repository by an account that may make it.
type call struct {
	*http.Request
	repo   *repository
	number int
	login  string
	sent   github.IssueRequest // of comments only the body
}

// handle serves a route, after what all have in common: whether the token is
// known, there is such a repository, and the token may write to it. A list that
// serve returns is paged.
func (s *Server) handle(route string, serve func(call) (int, any)) {
	s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		who, known := s.accounts[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		c := call{Request: r, repo: s.repositories[r.PathValue("owner")+"/"+r.PathValue("name")], login: who.login}
		c.number, _ = strconv.Atoi(r.PathValue("number"))
		_ = json.NewDecoder(r.Body).Decode(&c.sent) // reads have none
		switch {
		case !known:
			Status(http.StatusUnauthorized, "Bad credentials")(w, r)
			return
		case c.repo == nil && r.PathValue("name") != "":
			Status(http.StatusNotFound, "Not Found")(w, r)
			return
		case r.Method != http.MethodGet && r.PathValue("name") != "" && !who.write:
			Status(http.StatusForbidden, "Resource not accessible by integration")(w, r)
			return
		}
		status, answer := serve(c)
		if message, failed := answer.(string); failed {
			Status(status, message)(w, r)
			return
		}
		if list, is := answer.([]any); is {
			answer = page(w, r, list)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		if answer != nil {
			_ = json.NewEncoder(w).Encode(answer) // a client that is gone needs no answer
		}
	})
}

// Status returns an answer that refuses in the form of the API.
func Status(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest"})
	}
}

// page cuts out what a request asks for and names the next page, if there is one.
// https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
func page(w http.ResponseWriter, r *http.Request, all []any) []any {
	query := r.URL.Query()
	number := func(name string, fallback int) int {
		if n, err := strconv.Atoi(query.Get(name)); err == nil && n > 0 {
			return n
		}
		return fallback
	}
	size, at := min(number("per_page", 30), 100), number("page", 1)
	if at*size < len(all) {
		query.Set("page", strconv.Itoa(at+1))
		w.Header().Set("Link", fmt.Sprintf("<https://%s%s?%s>; rel=%q", r.Host, r.URL.Path, query.Encode(), "next"))
	}
	from := min((at-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}
