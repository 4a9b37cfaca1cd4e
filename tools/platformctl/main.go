// Command platformctl is what the Makefile calls: it prepares the toolchain,
// runs the embedded cluster and drives the engine. Everything it does can be
// done by hand with pulumi and kubectl; it spares the preparation.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newRoot().ExecuteContext(ctx)
}
