package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// buckets of the times of requests, in seconds.
var buckets = []float64{0.05, 0.1, 0.25, 0.5, 1, 2, 5}

// metrics are those that the dashboards and alerts read.
type metrics struct {
	pool     *pgxpool.Pool
	guard    sync.Mutex
	requests map[string]int // by status and method
	within   []int          // by bucket
	total    int
	sum      float64
}

func newMetrics(pool *pgxpool.Pool) *metrics {
	return &metrics{pool: pool, requests: map[string]int{}, within: make([]int, len(buckets))}
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// count counts what a handler answers.
func (m *metrics) count(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, out := time.Now(), &statusWriter{w, http.StatusOK}
		handler.ServeHTTP(out, r)
		took := time.Since(start).Seconds()
		m.guard.Lock()
		defer m.guard.Unlock()
		m.requests[fmt.Sprintf(`method=%q,status=%q`, r.Method, strconv.Itoa(out.status))]++
		m.total++
		m.sum += took
		for i, bucket := range buckets {
			if took <= bucket {
				m.within[i]++
			}
		}
	})
}

func (m *metrics) write(w http.ResponseWriter, _ *http.Request) {
	m.guard.Lock()
	defer m.guard.Unlock()
	for _, labels := range slices.Sorted(maps.Keys(m.requests)) {
		fmt.Fprintf(w, "http_requests_total{%s} %d\n", labels, m.requests[labels])
	}
	for i, bucket := range buckets {
		fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=%q} %d\n", strconv.FormatFloat(bucket, 'g', -1, 64), m.within[i])
	}
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=\"+Inf\"} %d\nhttp_request_duration_seconds_sum %g\nhttp_request_duration_seconds_count %d\n", m.total, m.sum, m.total)
	fmt.Fprintf(w, "db_connections_active %d\n", m.pool.Stat().AcquiredConns())
}
