package nginx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"platform/tools/edge/site"
)

// startPatience bounds how long nginx may take until it listens.
const startPatience = 10 * time.Second

// Server is a running nginx. Its methods are for one goroutine, but for Done.
type Server struct {
	settings Settings
	program  string
	output   io.Writer
	command  *exec.Cmd
	current  []byte // the configuration that it works with
	done     chan struct{}
	err      error
}

// RefusedError is what nginx says against a configuration.
type RefusedError struct{ Output string }

func (e *RefusedError) Error() string { return "nginx refuses the configuration: " + e.Output }

// Start runs nginx with nothing to serve but its default server. What it logs
// goes to output.
func Start(ctx context.Context, program string, settings Settings, output io.Writer) (*Server, error) {
	s := &Server{settings: settings, program: program, output: output, done: make(chan struct{})}
	if err := os.MkdirAll(filepath.Join(settings.Folder, "tls"), 0o700); err != nil {
		return nil, fmt.Errorf("nginx folder: %w", err)
	}
	if err := writeOwnCertificate(settings.Folder); err != nil {
		return nil, fmt.Errorf("nginx certificate: %w", err)
	}
	if err := s.write(ctx, site.Site{}); err != nil {
		return nil, err
	}
	// Not bound to the context: nginx is to end in order, see [Server.Stop].
	s.command = exec.Command(program, s.args(s.confFile())...) //nolint:noctx // as the line above says
	s.command.Stdout, s.command.Stderr = output, output
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a terminal's interrupt is for the edge alone
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	go func() {
		s.err = s.command.Wait()
		close(s.done)
	}()
	if err := s.waitListening(ctx); err != nil {
		return nil, errors.Join(err, s.Stop(0))
	}
	return s, nil
}

// Done is closed when nginx has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Apply has nginx serve a site and reports whether that changed anything. What it
// served before goes on if it refuses with a [*RefusedError].
func (s *Server) Apply(ctx context.Context, to site.Site) (bool, error) {
	before := s.current
	if err := s.write(ctx, to); err != nil {
		return false, err
	}
	if bytes.Equal(before, s.current) {
		return false, nil
	}
	if err := s.command.Process.Signal(syscall.SIGHUP); err != nil {
		return false, fmt.Errorf("nginx: reload: %w", err)
	}
	return true, dropCertificates(s.settings.Folder, to.Certificates)
}

// Test asks nginx about a site without serving it.
func (s *Server) Test(ctx context.Context, of site.Site) error {
	text, err := Render(s.settings, of)
	if err != nil {
		return err
	}
	if err := writeCertificates(s.settings.Folder, of.Certificates); err != nil {
		return fmt.Errorf("nginx certificate: %w", err)
	}
	return s.test(ctx, text)
}

// Stop lets nginx finish the requests that it has, for at most so long.
func (s *Server) Stop(patience time.Duration) error {
	for _, step := range []struct {
		signal   os.Signal
		patience time.Duration
	}{{syscall.SIGQUIT, patience}, {syscall.SIGTERM, startPatience}, {syscall.SIGKILL, startPatience}} {
		_ = s.command.Process.Signal(step.signal) // it may have ended
		select {
		case <-s.done:
			return nil
		case <-time.After(step.patience):
		}
	}
	return errors.New("nginx does not end")
}

// write makes the files of a site the ones that nginx reads next.
func (s *Server) write(ctx context.Context, of site.Site) error {
	text, err := Render(s.settings, of)
	if err != nil || bytes.Equal(text, s.current) {
		return err
	}
	if err := writeCertificates(s.settings.Folder, of.Certificates); err != nil {
		return fmt.Errorf("nginx certificate: %w", err)
	}
	if err := s.test(ctx, text); err != nil {
		return err
	}
	if err := os.Rename(s.confFile()+".new", s.confFile()); err != nil {
		return fmt.Errorf("nginx configuration: %w", err)
	}
	s.current = text
	return nil
}

// test writes a configuration beside the current one and asks nginx about it.
func (s *Server) test(ctx context.Context, text []byte) error {
	candidate := s.confFile() + ".new"
	if err := os.WriteFile(candidate, text, 0o600); err != nil {
		return fmt.Errorf("nginx configuration: %w", err)
	}
	out, err := exec.CommandContext(ctx, s.program, append([]string{"-t", "-q"}, s.args(candidate)...)...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return &RefusedError{strings.TrimSpace(string(out))}
	}
	if err != nil {
		return fmt.Errorf("nginx: %w", err)
	}
	return nil
}

func (s *Server) confFile() string { return filepath.Join(s.settings.Folder, "nginx.conf") }

func (s *Server) args(conf string) []string {
	return []string{"-e", "stderr", "-p", s.settings.Folder, "-c", conf}
}

// waitListening waits until nginx takes connections, or has ended.
func (s *Server) waitListening(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	host := s.settings.Address
	if host == "" {
		host = "127.0.0.1"
	}
	for {
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(s.settings.HTTP)))
		if err == nil {
			return connection.Close()
		}
		select {
		case <-s.done:
			return fmt.Errorf("nginx has ended: %w", s.err)
		case <-ctx.Done():
			return fmt.Errorf("nginx does not listen: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
