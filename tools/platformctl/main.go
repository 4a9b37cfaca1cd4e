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

	"platform/policy/secret"
	"platform/tools/cluster/machine"
	"platform/tools/engine"
)

func main() {
	machine.Main() // a node of an embedded cluster starts this very program
	known := secret.NewKnown(secret.OfEnvironment(os.Environ())...)
	err := run(known)
	if err == nil {
		return
	}
	code, fault := exitCode(err)
	if fault {
		err = fmt.Errorf("error: %w", err)
	}
	if !errors.As(err, new(engine.Exit)) {
		fmt.Fprintln(os.Stderr, known.Clean(err.Error())) // errors quote what engine and cluster said
	}
	os.Exit(code)
}

func run(known *secret.Known) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newRoot(known).ExecuteContext(ctx)
}
