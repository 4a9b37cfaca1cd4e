package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// backend plays the co2-calculator's API.
type backend struct {
	pool    *pgxpool.Pool
	metrics *metrics
}

// runBackend plays the API server of the image, and the poller that newer
// versions start from the same image.
func runBackend(ctx context.Context, _ []string) error {
	if err := need("DB_URL", "SECRET_KEY", "FRONTEND_URL"); err != nil {
		return err
	}
	if err := makeStorage(); err != nil {
		return err
	}
	if isFalse("RUN_BACKGROUND_POLLER") && isFalse("DISPATCH_JOBS_INLINE") {
		logInfo("jobs are left to a poller elsewhere")
	}
	pool, err := openDatabase(ctx, os.Getenv("DB_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	b := &backend{pool: pool, metrics: newMetrics(pool)}
	if os.Getenv("RUN_BACKGROUND_POLLER") == "true" {
		go b.poll(ctx)
	}
	return serve(ctx, ":8000", b.metrics.count(b.routes()))
}

func isFalse(variable string) bool { return os.Getenv(variable) == "false" }

// makeStorage makes the folder for uploads, which the image does as soon as it
// is loaded unless files go to S3: on a read-only root it ends there.
func makeStorage() error {
	if os.Getenv("S3_ENDPOINT_HOSTNAME") != "" {
		return nil
	}
	folder := os.Getenv("FILES_STORAGE_PATH")
	if folder == "" {
		folder = "/app/files_storage"
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("files storage: %w", err)
	}
	return nil
}

// routes are served with and without the prefix /api, which the edge leaves
// on.
func (b *backend) routes() http.Handler {
	live, ready := healthPaths()
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+live, answer("ok"))
	if ready != live {
		mux.HandleFunc("GET "+ready, b.ready)
	}
	mux.HandleFunc("GET /metrics", b.metrics.write)
	mux.HandleFunc("GET /v1/auth/login", login)
	mux.HandleFunc("GET /v1/auth/callback", callback)
	mux.HandleFunc("GET /standin/session", session)
	mux.HandleFunc("GET /standin/path", b.path)
	mux.HandleFunc("GET /standin/items", b.items)
	mux.HandleFunc("POST /standin/items", b.addItem)
	mux.HandleFunc("GET /standin/burn", burn)
	mux.HandleFunc("POST /standin/tasks", b.addTask)
	mux.HandleFunc("GET /{$}", answer("co2-calculator backend (stand-in) "+tag()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, found := strings.CutPrefix(r.URL.Path, "/api"); found && (rest == "" || rest[0] == '/') {
			r.URL.Path = "/" + strings.TrimPrefix(rest, "/")
		}
		mux.ServeHTTP(w, r)
	})
}

func (b *backend) ready(w http.ResponseWriter, r *http.Request) {
	if err := b.pool.Ping(r.Context()); err != nil {
		fail(w, http.StatusServiceUnavailable, err)
		return
	}
	answer("ready")(w, r)
}

// step is one part of a request's way, as the page shows it.
type step struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Took  float64 `json:"ms"`
	Error string  `json:"error,omitempty"`
}

func measure(name string, do func() error) step {
	start := time.Now()
	err := do()
	s := step{Name: name, OK: err == nil, Took: float64(time.Since(start).Microseconds()) / 1000}
	if err != nil {
		s.Error = err.Error()
	}
	return s
}

// path goes the way that a user's request goes: one row into the database and
// out of it again, and one task through the queue.
func (b *backend) path(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 15*time.Second)
	defer cancel()
	steps := []step{
		measure("database", func() error { return b.roundTrip(ctx) }),
		measure(b.queueKind(), func() error { return b.work(ctx, 0) }),
	}
	host, _ := os.Hostname()
	writeJSON(w, http.StatusOK, map[string]any{
		"standin": true, "pod": host, "version": tag(), "edge": r.Header.Get("X-Forwarded-Proto"), "steps": steps,
	})
}

func (b *backend) roundTrip(ctx context.Context) error {
	if err := migrated(ctx, b.pool); err != nil {
		return err
	}
	var id int64
	if err := b.pool.QueryRow(ctx, "INSERT INTO items (text) VALUES ('path') RETURNING id").Scan(&id); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	tag, err := b.pool.Exec(ctx, "DELETE FROM items WHERE id = $1", id)
	if err == nil && tag.RowsAffected() != 1 {
		err = errors.New("the row that was written is not there")
	}
	return err
}

// items shows the last rows, newest first.
func (b *backend) items(w http.ResponseWriter, r *http.Request) {
	rows, err := b.pool.Query(r.Context(), "SELECT id, text FROM items ORDER BY id DESC LIMIT 50")
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	defer rows.Close()
	found := []map[string]any{}
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			fail(w, http.StatusInternalServerError, err)
			return
		}
		found = append(found, map[string]any{"id": id, "text": text})
	}
	writeJSON(w, http.StatusOK, found)
}

func (b *backend) addItem(w http.ResponseWriter, r *http.Request) {
	var id int64
	text := r.URL.Query().Get("text")
	if err := b.pool.QueryRow(r.Context(), "INSERT INTO items (text) VALUES ($1) RETURNING id", text).Scan(&id); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"id": id, "text": text})
}

// addTask has the workers do something that takes ms milliseconds.
func (b *backend) addTask(w http.ResponseWriter, r *http.Request) {
	if err := b.work(r.Context(), milliseconds(r, 10_000)); err != nil {
		fail(w, http.StatusServiceUnavailable, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]bool{"done": true})
}

// burn keeps one processor busy for ms milliseconds.
func burn(w http.ResponseWriter, r *http.Request) {
	end, turns := time.Now().Add(milliseconds(r, 10_000)), 0
	for time.Now().Before(end) && r.Context().Err() == nil {
		turns++
	}
	writeJSON(w, http.StatusOK, map[string]int{"turns": turns})
}

func milliseconds(r *http.Request, most int) time.Duration {
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil {
		ms = 100
	}
	return time.Duration(min(max(ms, 0), most)) * time.Millisecond
}
