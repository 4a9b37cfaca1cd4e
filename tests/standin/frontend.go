package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"os"
	"strings"
)

//go:embed page.html
var page []byte

// runFrontend plays the co2-calculator's frontend: nginx without privileges
// at port 8080, which first writes the settings of the browser's program from
// the variables that begin with APP_.
func runFrontend(ctx context.Context, _ []string) error {
	var settings strings.Builder
	settings.WriteString("window.injectedEnv = {};\n")
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "APP_") {
			fmt.Fprintf(&settings, "window.injectedEnv[%q] = %q;\n", name, value)
		}
	}
	if err := os.WriteFile(injectedFile(), []byte(settings.String()), 0o644); err != nil {
		return fmt.Errorf("start script: %w", err)
	}
	if err := nginxFolders("/var/cache/nginx/client_temp", "/tmp"); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answer("ok"))
	mux.HandleFunc("GET /ready", answer("ready"))
	mux.HandleFunc("GET /injectEnv.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, injectedFile()) })
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("X-Standin", role)
		_, _ = w.Write(page)
	})
	return serve(ctx, ":8080", mux)
}

// runWebsite plays the images of Edd Cloud that serve files with nginx at
// port 80.
func runWebsite(ctx context.Context, _ []string) error {
	if err := nginxFolders("/var/cache/nginx/client_temp", "/run"); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", answer("<!doctype html><title>stand-in</title>A stand-in for "+os.Getenv("STANDIN_IMAGE")))
	return serve(ctx, ":80", mux)
}

// nginxFolders makes and writes what nginx does: a folder for requests' bodies
// and the file of its process.
func nginxFolders(temporary, run string) error {
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return fmt.Errorf("nginx: %w", err)
	}
	if err := os.WriteFile(run+"/nginx.pid", fmt.Appendln(nil, os.Getpid()), 0o644); err != nil {
		return fmt.Errorf("nginx: %w", err)
	}
	return nil
}
