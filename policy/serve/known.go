package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/secret"
)

// EnvKnown is the variable with the socket on which platformctl hears of the
// values that must not be shown. The engine masks them in all that it writes and
// sends them to packs alone.
const EnvKnown = "PLATFORM_KNOWN_SECRETS"

// reporter is the other end of that socket; nil where nobody listens.
type reporter struct {
	mu   sync.Mutex
	conn net.Conn
}

// newReporter connects to whoever listens.
func newReporter() (*reporter, error) {
	path := os.Getenv(EnvKnown)
	if path == "" {
		return nil, nil
	}
	conn, err := net.Dial("unix", path) //nolint:gosec // a socket of this machine, named by what started the engine
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EnvKnown, err)
	}
	return &reporter{conn: conn}, nil
}

// report returns when the values of a resource are known.
func (r *reporter) report(properties resource.PropertyMap) error {
	if r == nil {
		return nil
	}
	values := secret.Distinctive(properties)
	if len(values) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := json.NewEncoder(r.conn).Encode(values); err != nil {
		return fmt.Errorf("%s: %w", EnvKnown, err)
	}
	if _, err := io.ReadFull(r.conn, make([]byte, 1)); err != nil {
		return fmt.Errorf("%s: %w", EnvKnown, err)
	}
	return nil
}

// Listen adds what packs are sent to what is known, until it is closed. Values
// pass in memory and only between processes of this user. It returns the setting
// for the environment of the engine.
func Listen(known *secret.Known) (setting string, done func(), err error) {
	folder, err := os.MkdirTemp("", "platform-known-")
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(folder, "socket")
	listener, err := net.Listen("unix", path)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(folder))
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // it is closed
			}
			go receive(conn, known)
		}
	}()
	return EnvKnown + "=" + path, func() {
		_ = listener.Close()
		_ = os.RemoveAll(folder) // the system's own clean-up takes what stays
	}, nil
}

// receive takes what one pack says and confirms it.
func receive(conn net.Conn, known *secret.Known) {
	defer func() { _ = conn.Close() }()
	for decoder := json.NewDecoder(conn); ; {
		var values []string
		if decoder.Decode(&values) != nil {
			return // it has ended
		}
		known.Add(values...)
		if _, err := conn.Write([]byte{'\n'}); err != nil {
			return
		}
	}
}
