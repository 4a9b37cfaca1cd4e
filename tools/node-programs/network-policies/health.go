package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/metrics"
	model "github.com/prometheus/client_model/go"
	"k8s.io/klog/v2"
)

// headerTimeout is what a client gets for its question.
const headerTimeout = 5 * time.Second

// serve answers on an address until the context ends.
func serve(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", health)
	mux.Handle("/metrics", metrics.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		if err := server.Serve(listener); ctx.Err() == nil {
			klog.Errorf("listen on %s: %v", address, err)
		}
	}()
	return nil
}

// health is 200 once the rules have been written.
func health(w http.ResponseWriter, _ *http.Request) {
	var written model.Metric
	if err := metrics.ControllerIptablesSyncTime.Write(&written); err != nil || written.GetHistogram().GetSampleCount() == 0 {
		http.Error(w, "not synchronized yet", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
