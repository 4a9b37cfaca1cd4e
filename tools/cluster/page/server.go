// Package page serves a platform's pages on a port of this machine. Names of a
// platform that runs on one machine are in nobody's DNS, so a browser asks
// localhost: the server passes its requests on as if it had asked the platform
// by name, and takes its name out of the answers.
package page

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// The bounds of connections. Those to the platform do not idle for long: what
// they lead to is replaced by every rollout.
const (
	headerPatience   = 10 * time.Second
	upstreamIdleTime = 5 * time.Second
	upstreamIdle     = 16 // connections that are kept: a browser opens six to a name
)

// Options say what is served.
type Options struct {
	CA     *x509.Certificate                       // signs the server's certificate, and what is behind it with Verify
	Key    crypto.Signer                           // of CA
	Hosts  func() []string                         // the platform's names; the first is that of localhost
	Dial   func(context.Context) (net.Conn, error) // connects to what serves the platform over TLS
	Verify bool                                    // that one's certificate has to be of CA; else any is taken
}

// Server is a reverse proxy with a certificate of its own.
type Server struct {
	opts        Options
	http        *http.Server
	transport   *http.Transport
	certificate certificate
}

// New is a server that nothing has asked yet.
func New(opts Options) *Server {
	s := &Server{opts: opts, certificate: certificate{ca: opts.CA, key: opts.Key, now: time.Now}}
	roots := x509.NewCertPool()
	roots.AddCert(opts.CA)
	s.transport = &http.Transport{
		DialContext:     func(ctx context.Context, _, _ string) (net.Conn, error) { return opts.Dial(ctx) },
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, InsecureSkipVerify: !opts.Verify}, //nolint:gosec // on this machine, and only where the platform brings a certificate of its own choice
		IdleConnTimeout: upstreamIdleTime, MaxIdleConnsPerHost: upstreamIdle,
	}
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerPatience,
		ErrorLog:          log.New(io.Discard, "", 0), // of browsers that do not trust the certificate
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return s.certificate.of(opts.Hosts())
		}},
	}
	return s
}

// Serve answers until [Server.Close], and then returns nil.
func (s *Server) Serve(listener net.Listener) error {
	err := s.http.ServeTLS(listener, "", "")
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Close ends every connection but those that were upgraded, which end with the
// platform's.
func (s *Server) Close() error {
	err := s.http.Close()
	s.transport.CloseIdleConnections()
	return err
}

// ServeHTTP passes one request on.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hosts := s.opts.Hosts()
	host, known := hostFor(r.Host, hosts)
	if !known {
		http.Error(w, fmt.Sprintf("%s is none of this platform's names: %s; localhost stands for the first", r.Host, strings.Join(hosts, ", ")), http.StatusMisdirectedRequest)
		return
	}
	asked := r.Host
	proxy := httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { address(p.Out, asked, host) },
		ModifyResponse: func(answer *http.Response) error { keepName(answer, asked, host); return nil },
		Transport:      s.transport,
		FlushInterval:  -1, // events and logs are streams
		ErrorLog:       log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, fmt.Sprintf("the platform at %s does not answer: %v\nwhat runs, and what does not: make up, and make logs\n", host, err), http.StatusBadGateway)
		},
	}
	proxy.ServeHTTP(w, r)
}

// hostFor is the platform's name for what a client asked, and whether it has
// one.
func hostFor(asked string, hosts []string) (string, bool) {
	name := asked
	if host, _, err := net.SplitHostPort(asked); err == nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	for _, host := range hosts {
		if strings.EqualFold(host, name) {
			return host, true
		}
	}
	ip := net.ParseIP(name)
	if len(hosts) > 0 && (name == "localhost" || ip != nil && ip.IsLoopback()) {
		return hosts[0], true
	}
	return "", false
}

// address makes a request one to the platform by its name. What a browser says
// of the page that it comes from is of that name, too, or the platform takes it
// for another's.
func address(r *http.Request, asked, host string) {
	r.URL.Scheme, r.URL.Host, r.Host = "https", host, host
	for _, header := range []string{"Origin", "Referer"} {
		if value, err := url.Parse(r.Header.Get(header)); err == nil && value.Host == asked {
			value.Host = host
			r.Header.Set(header, value.String())
		}
	}
}

// keepName has a redirect to the platform's own name lead back to what the
// client asked, which is how it finds the platform.
func keepName(answer *http.Response, asked, host string) {
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || !strings.EqualFold(to.Hostname(), host) {
		return
	}
	to.Scheme, to.Host = "https", asked
	answer.Header.Set("Location", to.String())
}
