package main

import (
	"context"
	"net/http"
	"os"
	"strings"
)

// runGeneric plays an image that nothing here knows: it listens on the ports of
// its entry in the stack file and answers the health path.
func runGeneric(ctx context.Context, _ []string) error {
	mux := http.NewServeMux()
	if path := os.Getenv("STANDIN_HEALTH"); path != "" && path != "/" {
		mux.HandleFunc("GET "+path, answer("ok"))
	}
	mux.HandleFunc("/", answer("a stand-in for "+os.Getenv("STANDIN_IMAGE")))
	ports := strings.Split(os.Getenv("STANDIN_PORTS"), ",")
	ended := make(chan error, len(ports))
	for _, port := range ports {
		if port == "" {
			logInfo("has no port to listen on")
			<-ctx.Done()
			return nil
		}
		go func() { ended <- serve(ctx, ":"+port, mux) }()
	}
	for range ports {
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}
