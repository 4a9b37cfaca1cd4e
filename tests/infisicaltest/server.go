package infisicaltest

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Server is one running double. All of its methods may be called while it serves.
type Server struct {
	http   *httptest.Server
	folder string // holds the authority's file

	mu       sync.Mutex
	world    World
	skipped  time.Duration // how far its clock is ahead
	tokens   map[string]*token
	failures map[string][]time.Time // log-ins, by client ID
	scripts  map[Endpoint][]Error
	always   map[Endpoint]Error
	requests []Request
	windows  map[Endpoint][]time.Time
	issued   int
	open     map[net.Conn]struct{}
}

// T is what of [testing.T] a server needs.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Start serves a world until the test ends.
func Start(t T, world World) *Server {
	t.Helper()
	server, err := New(world)
	if err != nil {
		t.Fatalf("double of Infisical: %v", err)
	}
	t.Cleanup(server.Close)
	return server
}

// New serves a world until [Server.Close].
func New(world World) (*Server, error) {
	ca, certificate, err := certify(world)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "infisicaltest-")
	if err != nil {
		return nil, fmt.Errorf("folder for the authority: %w", err)
	}
	s := &Server{
		folder: folder, world: world, tokens: map[string]*token{}, failures: map[string][]time.Time{},
		scripts: map[Endpoint][]Error{}, always: map[Endpoint]Error{}, windows: map[Endpoint][]time.Time{},
		open: map[net.Conn]struct{}{},
	}
	if err := os.WriteFile(s.CAFile(), ca, 0o600); err != nil {
		return nil, fmt.Errorf("file of the authority: %w", err)
	}
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.http.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that a test cuts off
	s.http.TLS = &tls.Config{                           //nolint:gosec // a client that refuses old versions needs a server that offers them
		Certificates: []tls.Certificate{certificate}, MaxVersion: world.MaxTLSVersion, MinVersion: tls.VersionTLS10,
	}
	s.http.Config.ConnState = s.watch // httptest calls it beside its own
	s.http.StartTLS()
	return s, nil
}

// Close ends the server and every connection to it.
func (s *Server) Close() {
	s.http.CloseClientConnections() // a request that hangs ends with its connection
	s.http.Close()
	_ = os.RemoveAll(s.folder)
}

// URL is the server's address, without /api.
func (s *Server) URL() string { return s.http.URL }

// Address is its host and port.
func (s *Server) Address() string { return s.http.Listener.Addr().String() }

// CAFile is a file of PEM with the authority of its certificate.
func (s *Server) CAFile() string { return filepath.Join(s.folder, "ca.pem") }

// watch keeps count of connections.
func (s *Server) watch(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.open[conn] = struct{}{}
	case http.StateClosed, http.StateHijacked:
		delete(s.open, conn)
	default: // it stays open
	}
}

// Connections is how many clients are connected.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Advance sets the server's clock forward, past the life of tokens for example.
func (s *Server) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skipped += by
}

// Change changes the world between two requests.
func (s *Server) Change(change func(*World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.world)
}

// Set gives the secret PATH/NAME of the first project a value, and makes it if
// need be.
func (s *Server) Set(environment, path, name, value string) {
	s.Change(func(world *World) { world.Projects[0].set(environment, path, name, value) })
}

// now needs the lock.
func (s *Server) now() time.Time { return time.Now().Add(s.skipped) }
