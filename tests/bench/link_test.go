//go:build e2e

package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// link is a TCP proxy on loopback that delivers everything late, as a network
// does: what follows each other closely arrives so, only later.
type link struct {
	listener net.Listener
	target   string
	delay    time.Duration // of each direction
}

func newLink(server string, delay time.Duration) (*link, error) {
	target, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{listener, target.Host, delay}
	go l.serve()
	return l, nil
}

func (l *link) url() string { return fmt.Sprintf("https://%s", l.listener.Addr()) }

func (l *link) close() error { return l.listener.Close() }

func (l *link) serve() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return // closed
		}
		go l.join(client)
	}
}

// join connects a client to the server. The client's system opened the
// connection at once, so the round trip of the opening is added to the first
// delivery.
func (l *link) join(client net.Conn) {
	defer client.Close()
	opened := time.Now().Add(2 * l.delay)
	server, err := net.Dial("tcp", l.target)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { l.carry(server, client, opened) })
	both.Go(func() { l.carry(client, server, opened) })
	both.Wait()
}

// delivery is what was read at once, and when it arrives.
type delivery struct {
	data []byte
	due  time.Time
}

func (l *link) carry(to, from net.Conn, opened time.Time) {
	underway := make(chan delivery, 1024)
	go func() {
		defer close(underway)
		for {
			buffer := make([]byte, 32<<10)
			n, err := from.Read(buffer)
			sent := time.Now()
			if sent.Before(opened) {
				sent = opened
			}
			if n > 0 {
				underway <- delivery{buffer[:n], sent.Add(l.delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for one := range underway {
		time.Sleep(time.Until(one.due))
		if _, err := to.Write(one.data); err != nil {
			from.Close() // ends the reader, and with it this loop
		}
	}
	_ = to.(*net.TCPConn).CloseWrite() // a receiver that is gone needs no end
}

func TestLinkDelaysEachDirection(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer echo.Close()
	go func() {
		for {
			conn, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	const delay = 20 * time.Millisecond
	slow, err := newLink("https://"+echo.Addr().String(), delay)
	require.NoError(t, err)
	defer slow.close()
	conn, err := net.Dial("tcp", slow.listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	reader := bufio.NewReader(conn)
	exchange := func() time.Duration {
		begun := time.Now()
		_, err := io.WriteString(conn, "a line\n")
		require.NoError(t, err)
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "a line\n", line)
		return time.Since(begun)
	}
	assert.GreaterOrEqual(t, exchange(), 3*delay, "the opening and both directions; the dial took a part of it")
	assert.GreaterOrEqual(t, exchange(), 2*delay, "both directions")
}
