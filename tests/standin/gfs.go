package main

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// The parts of the file system talk in calls: one line of JSON, then as many
// bytes as it says, and the same back.
type call struct {
	Op      string   `json:"op"`
	Token   string   `json:"token"`
	Server  holder   `json:"server,omitzero"`
	File    string   `json:"file,omitempty"`
	Chunk   string   `json:"chunk,omitempty"`
	Size    int64    `json:"size,omitempty"` // of the bytes that follow, or of the file to place
	Forward []string `json:"forward,omitempty"`
}

type reply struct {
	Error  string   `json:"error,omitempty"`
	Chunks []chunk  `json:"chunks,omitempty"`
	Files  []string `json:"files,omitempty"`
	Size   int64    `json:"size,omitempty"` // of the bytes that follow
}

// holder is a chunkserver: where clients and where other chunkservers find it.
type holder struct {
	ID          string `json:"id"`
	Client      string `json:"client"`
	Replication string `json:"replication"`
}

// chunk is one piece of a file and who holds it.
type chunk struct {
	ID      string   `json:"id"`
	Size    int64    `json:"size"`
	Holders []holder `json:"holders"`
}

// chunkSize is the most that one chunk holds.
const chunkSize = 1 << 20

// mostBytes is the most that one call carries.
const mostBytes = 4 << 20

// token is what the parts know each other by.
func token() string {
	sum := hmac.New(sha256.New, []byte(os.Getenv("GFS_JWT_SECRET")))
	sum.Write([]byte("gfs"))
	return hex.EncodeToString(sum.Sum(nil))
}

// send makes one call and reads its answer.
func send(ctx context.Context, address string, c call, body []byte) (reply, []byte, error) {
	dialer := net.Dialer{Timeout: 3 * time.Second}
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return reply{}, nil, fmt.Errorf("gfs: %w", err)
	}
	defer func() { _ = connection.Close() }() // the answer is there
	_ = connection.SetDeadline(time.Now().Add(20 * time.Second))
	c.Token = token()
	if body != nil {
		c.Size = int64(len(body))
	}
	if err := json.NewEncoder(connection).Encode(c); err != nil {
		return reply{}, nil, fmt.Errorf("gfs: %w", err)
	}
	if _, err := connection.Write(body); err != nil {
		return reply{}, nil, fmt.Errorf("gfs: %w", err)
	}
	var r reply
	in := bufio.NewReader(connection)
	if err := readLine(in, &r); err != nil {
		return reply{}, nil, fmt.Errorf("gfs: %s: %w", address, err)
	}
	if r.Error != "" {
		return r, nil, fmt.Errorf("gfs: %s: %s", address, r.Error)
	}
	content, err := readBytes(in, r.Size)
	return r, content, err
}

func readLine(in *bufio.Reader, into any) error {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

func readBytes(in io.Reader, size int64) ([]byte, error) {
	if size < 0 || size > mostBytes {
		return nil, fmt.Errorf("gfs: %d bytes are too many for one call", size)
	}
	content := make([]byte, size)
	_, err := io.ReadFull(in, content)
	return content, err
}

// serveCalls answers calls at a port until the process is to end. What happens
// to a connection that says nothing is the caller's to say.
func serveCalls(ctx context.Context, port string, silent func(net.Addr), handle func(context.Context, call, []byte) (reply, []byte, error)) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	logInfo("listens", "port", port)
	accept(listener, func(connection net.Conn) {
		_ = connection.SetDeadline(time.Now().Add(20 * time.Second))
		in := bufio.NewReader(connection)
		var c call
		if err := readLine(in, &c); err != nil {
			silent(connection.RemoteAddr())
			return
		}
		r, body, err := handleCall(ctx, in, c, handle)
		if err != nil {
			r, body = reply{Error: err.Error()}, nil
			logError("call failed", "op", c.Op, "error", err.Error())
		}
		r.Size = int64(len(body))
		_ = json.NewEncoder(connection).Encode(r)
		_, _ = connection.Write(body)
	})
	return nil
}

func handleCall(ctx context.Context, in io.Reader, c call, handle func(context.Context, call, []byte) (reply, []byte, error)) (reply, []byte, error) {
	if !hmac.Equal([]byte(c.Token), []byte(token())) {
		return reply{}, nil, errors.New("the token is not made with this secret")
	}
	var body []byte
	if c.Op == "write" {
		var err error
		if body, err = readBytes(in, c.Size); err != nil {
			return reply{}, nil, err
		}
	}
	return handle(ctx, c, body)
}
