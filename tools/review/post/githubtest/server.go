// Package githubtest is a double of GitHub's REST API for comments and issues,
// over TLS on the loopback interface. It answers in the form that the real one
// is documented or was measured to answer in, and fails as a test scripts it.
//
// Sources: https://docs.github.com/rest/issues/comments and
// https://docs.github.com/rest/issues/issues and
// https://docs.github.com/rest/pulls/pulls (the same as
// descriptions/api.github.com/api.github.com.json in github/rest-api-description)
// for requests, answers and states;
// https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
// for pages; .../rate-limits-for-the-rest-api and .../troubleshooting-the-rest-api
// for limits and refusals.
package githubtest

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// maxRequest is more than any body that a test sends, in bytes.
const maxRequest = 8 << 20

// Server is the double. Its methods may be called while it serves.
type Server struct {
	web *httptest.Server

	mu           sync.Mutex
	accounts     map[string]access // by token
	repositories map[string]*repository
	numbers      int64 // of comments and issues, ascending over all repositories as GitHub's
	clock        time.Time
	scripts      []*script
	requests     []Request
	ceased       chan struct{} // closed at the end: what hangs is let go
}

// Account is who writes.
type Account struct {
	Login string // such as github-actions[bot]
	ID    int64
	Kind  string // User or Bot
}

// Actions is the account behind the token that GitHub gives to a workflow.
var Actions = Account{Login: "github-actions[bot]", ID: 41898282, Kind: "Bot"}

type access struct {
	account Account
	write   bool
}

// Request is one that was served or failed by a script.
type Request struct {
	Method string
	Path   string
	Query  string
	Body   string
	Token  string // that was sent; empty where none was
}

// New starts a double, which ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		accounts: map[string]access{}, repositories: map[string]*repository{},
		numbers: 1_000_000, clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), ceased: make(chan struct{}),
	}
	s.web = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.web.Config.ErrorLog = log.New(io.Discard, "", 0) // cut connections are meant
	s.web.StartTLS()
	t.Cleanup(func() {
		close(s.ceased)
		s.web.Close()
	})
	return s
}

// URL is the base of the API.
func (s *Server) URL() string { return s.web.URL + "/" }

// Roots hold the authority of the double's certificate.
func (s *Server) Roots() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(s.web.Certificate())
	return roots
}

// Authority is the certificate that clients have to trust, as PEM.
func (s *Server) Authority() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.web.Certificate().Raw})
}

// Allow makes a token known. Without write it may only read, as the token of a
// workflow that a fork's pull request started.
func (s *Server) Allow(token string, who Account, write bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[token] = access{account: who, write: write}
}

// Requests are all that came in, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Count counts the requests whose method and path match a pattern of [Server.Script].
func (s *Server) Count(pattern string) int {
	n := 0
	for _, r := range s.Requests() {
		if matches(pattern, r.Method, r.Path) {
			n++
		}
	}
	return n
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body), Token: token})
	fault := s.next(r)
	s.mu.Unlock()
	if fault != nil {
		fault(w, r, s.answer)
		return
	}
	s.answer(w, r)
}

// answer does what the API does.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.head(w, 4999)
	who, known := s.accounts[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if !known {
		refuse(w, http.StatusUnauthorized, "Bad credentials", "https://docs.github.com/rest")
		return
	}
	if r.URL.Path == "/graphql" {
		s.viewer(w, r, who.account)
		return
	}
	for _, route := range routes {
		if values, ok := route.match(r); ok {
			s.visit(w, r, route, values, who)
			return
		}
	}
	refuse(w, http.StatusNotFound, "Not Found", "https://docs.github.com/rest")
}

// visit serves one route, after what all have in common: whether there is such
// a repository, and whether the token may write to it.
func (s *Server) visit(w http.ResponseWriter, r *http.Request, route route, values []string, who access) {
	repo := s.repositories[strings.ToLower(values[0]+"/"+values[1])]
	docs := "https://docs.github.com/rest/" + route.docs
	if repo == nil {
		refuse(w, http.StatusNotFound, "Not Found", docs)
		return
	}
	if r.Method != http.MethodGet && !who.write {
		w.Header().Set("X-Accepted-Github-Permissions", "issues=write; pull_requests=write")
		refuse(w, http.StatusForbidden, "Resource not accessible by integration", docs)
		return
	}
	number := int64(0)
	if len(values) > 2 {
		number, _ = strconv.ParseInt(values[2], 10, 64) // the route has digits only
	}
	route.serve(s, call{w: w, r: r, repo: repo, number: number, who: who.account, docs: docs})
}

// viewer answers the one question that is asked of the GraphQL API. It is the
// way to learn who an installation's token writes as: GET /user refuses such
// tokens with 403 "Resource not accessible by integration".
func (s *Server) viewer(w http.ResponseWriter, r *http.Request, who Account) {
	var ask struct {
		Query string `json:"query"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || strings.Join(strings.Fields(ask.Query), "") != "query{viewer{login}}" {
		write(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "A query attribute must be specified and must be a string."}}})
		return
	}
	write(w, http.StatusOK, map[string]any{"data": map[string]any{"viewer": map[string]any{"login": who.Login}}})
}

// head writes the headers of every answer.
func (s *Server) head(w http.ResponseWriter, remaining int) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Server", "github.com")
	h.Set("X-Github-Media-Type", "github.v3; format=json")
	h.Set("X-Github-Request-Id", fmt.Sprintf("0000:%04X", len(s.requests)))
	h.Set("X-Ratelimit-Limit", "5000")
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Ratelimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10))
	h.Set("X-Ratelimit-Resource", "core")
}

func write(w http.ResponseWriter, status int, answer any) {
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(answer) // whoever is gone needs no answer
}

// problem is one of the faults that a 422 lists.
type problem struct {
	Resource string `json:"resource"`
	Code     string `json:"code"`
	Field    string `json:"field"`
	Message  string `json:"message,omitempty"`
}

// refuse answers in the form of every refusal.
func refuse(w http.ResponseWriter, status int, message, docs string, problems ...problem) {
	answer := map[string]any{"message": message, "documentation_url": docs, "status": strconv.Itoa(status)}
	if len(problems) > 0 {
		answer["errors"] = problems
	}
	write(w, status, answer)
}
