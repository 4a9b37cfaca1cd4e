package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// health tells kubelets how the edge is. A dead nginx needs no probe: the edge
// ends with it.
type health struct {
	synced   atomic.Bool // nginx serves what the cluster asks for
	draining atomic.Bool // and is about to end
}

// serve answers on a port until the process ends: also while it drains.
func (h *health) serve(ctx context.Context, port int) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !h.synced.Load() || h.draining.Load() {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", ":"+strconv.Itoa(port))
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { slog.Error("health", "error", server.Serve(listener)) }()
	return nil
}
