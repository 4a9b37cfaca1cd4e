//go:build e2e

package components_test

import (
	"io"
	"net"
	"strconv"
	"sync/atomic"
)

// Each server and each Service has an address of the loopback to itself, and
// all have one port, as in the cluster.
var addresses = map[string]string{
	"server postgres": "127.0.0.2", "server postgres-replica": "127.0.0.3",
	"service postgres": "127.0.0.4", "service postgres-replica": "127.0.0.5",
}

// leadsTo is a Service: an address that leads to one server at a time.
type leadsTo struct{ server atomic.Pointer[string] }

func (l *leadsTo) serve(listener net.Listener, port int) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			server, err := net.Dial("tcp", net.JoinHostPort(*l.server.Load(), strconv.Itoa(port)))
			if err != nil {
				return
			}
			defer server.Close()
			go func() {
				_, _ = io.Copy(server, client)
				_ = server.Close()
			}()
			_, _ = io.Copy(client, server)
		}()
	}
}
