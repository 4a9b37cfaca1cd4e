package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

// filesPlan is what the file share makes and hears.
var filesPlan = service{
	variables: []string{"DATABASE_URL", "JWT_SECRET", "GFS_JWT_SECRET", "NATS_URL"},
	tables:    map[string]string{"files": "name text PRIMARY KEY, size bigint NOT NULL", "namespaces": "id bigserial PRIMARY KEY, name text"},
	hears:     []hears{{"AUTH", "sfs-backend"}},
}

// fileShare stores files in the file system, and their names in its database.
type fileShare struct {
	master string
	pool   *pgxpool.Pool
}

// mostFile is the most that one file may have.
const mostFile = 64 << 20

// runFiles plays the command sfs.
func runFiles(ctx context.Context, args []string) error {
	set := options(args)
	_, mux, err := begin(ctx, set, filesPlan)
	if err != nil {
		return err
	}
	pool, err := openDatabase(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	share := &fileShare{set["master"], pool}
	mux.HandleFunc("PUT /standin/files/{name}", share.put)
	mux.HandleFunc("GET /standin/files/{name}", share.get)
	mux.HandleFunc("GET /standin/files/{name}/chunks", share.chunks)
	return serve(ctx, or(set["addr"], ":8080"), mux)
}

func (f *fileShare) put(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostFile))
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	chunks, err := store(r.Context(), f.master, r.PathValue("name"), content)
	if err == nil {
		_, err = f.pool.Exec(r.Context(), "INSERT INTO files VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET size = $2", r.PathValue("name"), len(content))
	}
	if err != nil {
		fail(w, http.StatusBadGateway, err)
		return
	}
	writeJSON(w, http.StatusCreated, chunks)
}

// store has the master place a file, and writes each chunk to its first
// chunkserver, which passes it on to the others.
func store(ctx context.Context, master, name string, content []byte) ([]chunk, error) {
	placed, _, err := send(ctx, master, call{Op: "place", File: name, Size: int64(len(content))}, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range placed.Chunks {
		forward := []string{}
		for _, h := range c.Holders[1:] {
			forward = append(forward, h.Replication)
		}
		if _, _, err := send(ctx, c.Holders[0].Client, call{Op: "write", Chunk: c.ID, Forward: forward}, content[:c.Size]); err != nil {
			return nil, err
		}
		content = content[c.Size:]
	}
	return placed.Chunks, nil
}

func (f *fileShare) get(w http.ResponseWriter, r *http.Request) {
	found, _, err := send(r.Context(), f.master, call{Op: "find", File: r.PathValue("name")}, nil)
	if err != nil {
		fail(w, http.StatusNotFound, err)
		return
	}
	for _, c := range found.Chunks {
		content, err := fetch(r.Context(), c)
		if err != nil {
			fail(w, http.StatusBadGateway, err)
			return
		}
		_, _ = w.Write(content)
	}
}

// fetch reads a chunk from the first of its chunkservers that has it.
func fetch(ctx context.Context, c chunk) ([]byte, error) {
	var problems []error
	for _, h := range c.Holders {
		_, content, err := send(ctx, h.Client, call{Op: "read", Chunk: c.ID}, nil)
		if err == nil && int64(len(content)) == c.Size {
			return content, nil
		}
		problems = append(problems, fmt.Errorf("%s: %w", h.ID, err))
	}
	return nil, fmt.Errorf("chunk %s: %w", c.ID, errors.Join(problems...))
}

// chunks shows where the chunks of a file are.
func (f *fileShare) chunks(w http.ResponseWriter, r *http.Request) {
	found, _, err := send(r.Context(), f.master, call{Op: "find", File: r.PathValue("name")}, nil)
	if err != nil {
		fail(w, http.StatusNotFound, err)
		return
	}
	writeJSON(w, http.StatusOK, found.Chunks)
}
