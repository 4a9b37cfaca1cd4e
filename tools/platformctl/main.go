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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
