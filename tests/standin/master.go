package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// master knows which chunk is where. Files are in a log that it reads at its
// start; chunkservers it knows by what they report.
type master struct {
	guard sync.Mutex
	files map[string][]chunk
	seen  map[string]time.Time // by the chunkserver's ID
	alive map[string]holder
	log   *os.File
	next  int
}

// fileRecord is a line of the log.
type fileRecord struct {
	File   string  `json:"file"`
	Chunks []chunk `json:"chunks"`
}

const (
	copies   = 3                // of each chunk, if there are as many chunkservers
	lostTime = 15 * time.Second // after which a silent chunkserver gets no chunk
)

// runMaster plays the command master of the file system's image.
func runMaster(ctx context.Context, args []string) error {
	set := options(args)
	if err := need("GFS_JWT_SECRET"); err != nil {
		return err
	}
	shipLogs(ctx, set["log-service"])
	m, err := openMaster(set["data"])
	if err != nil {
		return err
	}
	defer m.log.Close()
	return serveCalls(ctx, set["port"], func(net.Addr) {}, m.handle)
}

// openMaster reads the log, and goes on writing at its end.
func openMaster(folder string) (*master, error) {
	log, err := os.OpenFile(filepath.Join(folder, "wal.log"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write-ahead log: %w", err)
	}
	m := &master{files: map[string][]chunk{}, seen: map[string]time.Time{}, alive: map[string]holder{}, log: log}
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var record fileRecord
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			continue // the last line of a process that was killed
		}
		m.files[record.File] = record.Chunks
	}
	logInfo("log is read", "files", fmt.Sprint(len(m.files)))
	return m, lines.Err()
}

func (m *master) handle(_ context.Context, c call, _ []byte) (reply, []byte, error) {
	m.guard.Lock()
	defer m.guard.Unlock()
	switch c.Op {
	case "report":
		if m.alive[c.Server.ID] != c.Server {
			logInfo("chunkserver", "id", c.Server.ID, "at", c.Server.Client)
		}
		m.alive[c.Server.ID], m.seen[c.Server.ID] = c.Server, time.Now()
		return reply{}, nil, nil
	case "place":
		chunks, err := m.place(c.File, c.Size)
		return reply{Chunks: chunks}, nil, err
	case "find":
		chunks, ok := m.files[c.File]
		if !ok {
			return reply{}, nil, fmt.Errorf("there is no file %q", c.File)
		}
		return reply{Chunks: chunks}, nil, nil
	case "list":
		return reply{Files: slices.Sorted(maps.Keys(m.files))}, nil, nil
	}
	return reply{}, nil, fmt.Errorf("%q is not played", c.Op)
}

// place gives each chunk of a new file its chunkservers, the first of them in
// turn, and writes that down before it answers.
func (m *master) place(file string, size int64) ([]chunk, error) {
	var holders []holder
	for _, id := range slices.Sorted(maps.Keys(m.alive)) {
		if time.Since(m.seen[id]) < lostTime {
			holders = append(holders, m.alive[id])
		}
	}
	if len(holders) == 0 {
		return nil, errors.New("no chunkserver reports")
	}
	stamp := time.Now().UnixNano()
	chunks := []chunk{}
	for at := int64(0); at < size; at += chunkSize {
		c := chunk{ID: fmt.Sprintf("%x-%d", stamp, len(chunks)), Size: min(chunkSize, size-at)}
		for i := range min(copies, len(holders)) {
			c.Holders = append(c.Holders, holders[(m.next+i)%len(holders)])
		}
		m.next++
		chunks = append(chunks, c)
	}
	line, err := json.Marshal(fileRecord{file, chunks})
	if err != nil {
		return nil, err
	}
	if _, err := m.log.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("write-ahead log: %w", err)
	}
	if err := m.log.Sync(); err != nil {
		return nil, fmt.Errorf("write-ahead log: %w", err)
	}
	m.files[file] = chunks
	return chunks, nil
}
