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

// hearing is the other end of that socket; nil where nobody listens.
type hearing struct {
	mu   sync.Mutex
	conn net.Conn
}

// heard connects to whoever listens.
func heard() (*hearing, error) {
	path := os.Getenv(EnvKnown)
	if path == "" {
		return nil, nil
	}
	conn, err := net.Dial("unix", path) //nolint:gosec // a socket of this machine, named by what started the engine
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EnvKnown, err)
	}
	return &hearing{conn: conn}, nil
}

// tell returns when the values of a resource are known.
func (h *hearing) tell(properties resource.PropertyMap) error {
	if h == nil {
		return nil
	}
	values := secret.Telling(properties)
	if len(values) == 0 {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := json.NewEncoder(h.conn).Encode(values); err != nil {
		return fmt.Errorf("%s: %w", EnvKnown, err)
	}
	if _, err := io.ReadFull(h.conn, make([]byte, 1)); err != nil {
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
			go hear(conn, known)
		}
	}()
	return EnvKnown + "=" + path, func() {
		_ = listener.Close()
		_ = os.RemoveAll(folder) // the system's own clean-up takes what stays
	}, nil
}

// hear takes what one pack says and confirms it.
func hear(conn net.Conn, known *secret.Known) {
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
