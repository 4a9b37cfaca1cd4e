// Command platformctl is what the Makefile calls: it prepares the toolchain,
// runs the embedded cluster and drives the engine. Everything it does can be
// done by hand with pulumi and kubectl; it spares the preparation.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"platform/tools/cluster/machine"
	"platform/tools/engine"
)

func main() {
	machine.Main() // a node of an embedded cluster starts this very program
	err := run()
	if err == nil {
		return
	}
	code, fault := exitCode(err)
	if fault {
		err = fmt.Errorf("error: %w", err)
	}
	if !errors.As(err, new(engine.Exit)) {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newRoot().ExecuteContext(ctx)
}
