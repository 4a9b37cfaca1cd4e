package infisicaltest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Endpoint is one address of the API.
type Endpoint string

// The endpoints that requests are counted by.
const (
	Login    Endpoint = "login"
	Renew    Endpoint = "renew"
	Revoke   Endpoint = "revoke"
	List     Endpoint = "list"
	Retrieve Endpoint = "retrieve"
	Status   Endpoint = "status"
	Unknown  Endpoint = "unknown"
)

// Request is one request that the server has received.
type Request struct {
	Endpoint    Endpoint
	Environment string
	Path        string // of the folder
	Name        string // of the secret, in a retrieval
}

// Requests are all that were received, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Count is how many requests an endpoint has received.
func (s *Server) Count(endpoint Endpoint) int {
	count := 0
	for _, request := range s.Requests() {
		if request.Endpoint == endpoint {
			count++
		}
	}
	return count
}

const rawSecrets = "/api/v3/secrets/raw"

// route tells the endpoint of a request, and the secret that its address names.
func (s *Server) route(r *http.Request) (endpoint Endpoint, name string) {
	path := strings.TrimSuffix(r.URL.Path, "/")
	name, below := strings.CutPrefix(path, rawSecrets+"/")
	switch {
	case r.Method == http.MethodPost && path == "/api/v1/auth/universal-auth/login":
		return Login, ""
	case r.Method == http.MethodPost && path == "/api/v1/auth/token/renew":
		return Renew, ""
	case r.Method == http.MethodPost && path == "/api/v1/auth/token/revoke":
		return Revoke, ""
	case r.Method == http.MethodGet && path == "/api/status":
		return Status, ""
	case r.Method == http.MethodGet && path == rawSecrets,
		r.Method == http.MethodGet && path == "/api/v4/secrets" && s.generation() == Generation2025:
		return List, ""
	case r.Method == http.MethodGet && below && !strings.Contains(name, "/"):
		return Retrieve, name
	}
	return Unknown, ""
}

func (s *Server) generation() Generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.Generation
}

// serve counts a request and lets the script, or else the world, answer.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	endpoint, name := s.route(r)
	body, _ := io.ReadAll(r.Body) // until then, net/http does not notice a client that leaves
	r.Body = io.NopCloser(bytes.NewReader(body))
	query := r.URL.Query()
	s.mu.Lock()
	s.requests = append(s.requests, Request{endpoint, query.Get("environment"), query.Get("secretPath"), name})
	problem := s.next(endpoint)
	s.mu.Unlock()
	answer := func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		reply := s.answer(endpoint, name, r)
		s.mu.Unlock()
		reply.write(w, r)
	}
	if problem != nil {
		problem(w, r, answer)
		return
	}
	answer(w, r)
}

// answer needs the lock.
func (s *Server) answer(endpoint Endpoint, name string, r *http.Request) reply {
	switch endpoint {
	case Login:
		return s.limited(Login, s.world.LoginsPerMinute, func() reply { return s.login(r) })
	case Renew:
		return s.limited(Login, s.world.LoginsPerMinute, func() reply { return s.renew(r) })
	case Revoke:
		return s.limited(Login, s.world.LoginsPerMinute, func() reply { return s.revoke(r) })
	case Status:
		return reply{status: http.StatusOK, body: map[string]any{
			"date": stamp(s.now()), "message": "Ok", "emailConfigured": false, "inviteOnlySignup": true,
			"redisConfigured": true, "secretScanningConfigured": false,
		}}
	case List, Retrieve:
		identity, refused := s.authenticate(r)
		if refused != nil {
			return *refused
		}
		return s.limited(List, s.world.ListsPerMinute, func() reply {
			if endpoint == List {
				return s.list(identity, r)
			}
			return s.retrieve(identity, name, r)
		})
	default:
		return s.refuse(http.StatusNotFound, "Not Found", "Route "+r.Method+":"+r.RequestURI+" not found")
	}
}
