package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// forwarder passes connections to ports of this machine on into the network of
// the nodes, which nothing else leads to.
type forwarder struct {
	dial func(ctx context.Context, address string) (net.Conn, error)

	mu        sync.Mutex
	listeners []net.Listener
}

// open listens on a loopback port and passes each connection on to what the
// function names at that moment.
func (f *forwarder) open(port int, to func(context.Context) (string, error)) error {
	listener, err := f.listen(port)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go f.pass(conn, to)
		}
	}()
	return nil
}

// listen takes a loopback port until close.
func (f *forwarder) listen(port int) (net.Listener, error) {
	listener, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", port, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners = append(f.listeners, listener)
	return listener, nil
}

// pass copies both ways until both ends are done.
func (f *forwarder) pass(near net.Conn, to func(context.Context) (string, error)) {
	defer func() { _ = near.Close() }() // the client sees it either way
	ctx, cancel := context.WithTimeout(context.Background(), probePatience)
	defer cancel()
	address, err := to(ctx)
	if err != nil {
		return // the client sees a closed connection, as from a server that is away
	}
	far, err := f.dial(ctx, address)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }() // as above
	var wait sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		wait.Go(func() {
			_, _ = io.Copy(way[0], way[1]) // an end is an end, however it came
			if half, is := way[0].(interface{ CloseWrite() error }); is {
				_ = half.CloseWrite()
			}
		})
	}
	wait.Wait()
}

// close ends the listening; connections end with the servers.
func (f *forwarder) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var problems []error
	for _, one := range f.listeners {
		problems = append(problems, one.Close())
	}
	f.listeners = nil
	return errors.Join(problems...)
}

// fixed is an address that never changes.
func fixed(address string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return address, nil }
}
