package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"sync"
	"time"
)

// entry is one line of a log, and what services send to the log service.
type entry struct {
	Time    time.Time         `json:"time"`
	Level   string            `json:"level"`
	Source  string            `json:"source"`
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields,omitempty"`
}

var (
	logGuard sync.Mutex
	shipping chan entry // to the log service; nil where there is none
)

func logInfo(message string, fields ...string)  { logLine("info", message, fields) }
func logError(message string, fields ...string) { logLine("error", message, fields) }

func logLine(level, message string, fields []string) {
	e := entry{Time: time.Now().UTC(), Level: level, Source: role, Message: message, Fields: map[string]string{"standin": "true"}}
	for i := 0; i+1 < len(fields); i += 2 {
		e.Fields[fields[i]] = fields[i+1]
	}
	logGuard.Lock()
	_ = json.NewEncoder(os.Stdout).Encode(e)
	logGuard.Unlock()
	select {
	case shipping <- e:
	default: // nobody takes it, and nobody waits for it
	}
}

// shipLogs sends every further line to the log service, one JSON text a line
// over TCP, and connects again when the connection breaks.
func shipLogs(ctx context.Context, address string) {
	if address == "" {
		return
	}
	shipping = make(chan entry, 256)
	go func() {
		for ctx.Err() == nil {
			dialer := net.Dialer{Timeout: 3 * time.Second}
			connection, err := dialer.DialContext(ctx, "tcp", address)
			if err == nil {
				out := json.NewEncoder(connection)
				for err == nil {
					select {
					case e := <-shipping:
						err = out.Encode(e)
					case <-ctx.Done():
						err = ctx.Err()
					}
				}
				_ = connection.Close()
			}
			pause(ctx, 2*time.Second)
		}
	}()
}

// pause waits, but for no longer than the process is to live.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
