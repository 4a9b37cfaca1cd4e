package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// serve answers at an address until the process is to end, and then lets the
// requests that run come to their end.
func serve(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	logInfo("listens", "address", address)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		if err := server.Shutdown(drain); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return nil
	}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Standin", role)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

// fail answers with the reason of a failure, and logs it.
func fail(w http.ResponseWriter, status int, err error) {
	logError("request failed", "error", err.Error())
	writeJSON(w, status, map[string]string{"error": err.Error()})
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Standin", role)
		_, _ = w.Write([]byte(text + "\n"))
	}
}
