package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// chunkserver keeps chunks as files in a folder.
type chunkserver struct{ folder string }

// runChunkserver plays the command chunkserver of the file system's image.
func runChunkserver(ctx context.Context, args []string) error {
	set := options(args)
	if err := need("GFS_JWT_SECRET"); err != nil {
		return err
	}
	shipLogs(ctx, set["log-service"])
	if err := os.MkdirAll(set["d"], 0o755); err != nil {
		return fmt.Errorf("chunks: %w", err)
	}
	s := &chunkserver{folder: set["d"]}
	me := holder{ID: set["id"], Client: net.JoinHostPort(set["h"], set["p"]), Replication: net.JoinHostPort(set["h"], set["r"])}
	go report(ctx, set["master"], me)
	ended := make(chan error, 2)
	go func() { ended <- serveCalls(ctx, set["p"], silentError, s.handle) }()
	go func() { ended <- serveCalls(ctx, set["r"], func(net.Addr) {}, s.handle) }() // gRPC, which does not mind
	return errors.Join(<-ended, <-ended)
}

// silentError is what the image logs for a connection that is closed before it
// has said anything, as a TCP probe's is.
func silentError(from net.Addr) { logError("read request: EOF", "from", from.String()) }

// report tells the master every five seconds that this chunkserver is there.
func report(ctx context.Context, master string, me holder) {
	known := false
	for ; ctx.Err() == nil; pause(ctx, 5*time.Second) {
		_, _, err := send(ctx, master, call{Op: "report", Server: me}, nil)
		if err != nil && ctx.Err() == nil {
			logError("master does not answer", "error", err.Error())
		}
		if err == nil && !known {
			logInfo("registered", "master", master)
		}
		known = err == nil
	}
}

var chunkID = regexp.MustCompile(`^[0-9a-f]+-[0-9]+$`)

func (s *chunkserver) handle(ctx context.Context, c call, body []byte) (reply, []byte, error) {
	if !chunkID.MatchString(c.Chunk) {
		return reply{}, nil, fmt.Errorf("%q names no chunk", c.Chunk)
	}
	path := filepath.Join(s.folder, c.Chunk)
	switch c.Op {
	case "read":
		content, err := os.ReadFile(path)
		return reply{}, content, err
	case "write":
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return reply{}, nil, err
		}
		if len(c.Forward) == 0 {
			return reply{}, nil, nil
		}
		further := call{Op: "write", Chunk: c.Chunk, Forward: c.Forward[1:]}
		_, _, err := send(ctx, c.Forward[0], further, body)
		return reply{}, nil, err
	}
	return reply{}, nil, fmt.Errorf("%q is not played", c.Op)
}
