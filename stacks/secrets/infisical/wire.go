package infisical

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"sync"
	"time"
)

// wire is the connections of one reading. It closes them all when it is over.
type wire struct {
	transport *http.Transport
	end       context.CancelFunc

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]struct{}
}

// newWire dials under ctx, not under that of a request: a transport lets a dial
// go on when its request has ended.
func newWire(ctx context.Context, roots *x509.CertPool) *wire {
	ctx, end := context.WithCancel(ctx)
	w := &wire{end: end, open: make(map[net.Conn]struct{})}
	dialer := &net.Dialer{KeepAlive: 15 * time.Second}
	w.transport = &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(_ context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return w.track(conn)
		},
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost:    parallelLists,
		MaxResponseHeaderBytes: 64 << 10,
		// HTTP/2 is left out: its connections end in the background.
	}
	return w
}

func (w *wire) track(conn net.Conn) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	tracked := &trackedConn{Conn: conn, wire: w}
	w.open[tracked] = struct{}{}
	return tracked, nil
}

// close ends every dial and connection, also those that are in use.
func (w *wire) close() {
	w.end()
	w.mu.Lock()
	w.closed = true
	open := make([]net.Conn, 0, len(w.open))
	for conn := range w.open {
		open = append(open, conn)
	}
	w.mu.Unlock()
	for _, conn := range open {
		_ = conn.Close()
	}
	w.transport.CloseIdleConnections()
}

// trackedConn leaves its wire when it is closed.
type trackedConn struct {
	net.Conn
	wire *wire
}

// Close closes the connection.
func (c *trackedConn) Close() error {
	c.wire.mu.Lock()
	delete(c.wire.open, c)
	c.wire.mu.Unlock()
	return c.Conn.Close()
}
