// Command platformctl is what the Makefile calls: it prepares the toolchain,
// runs the embedded cluster and drives the engine. Everything it does can be
// done by hand with pulumi and kubectl; it spares the preparation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	code, problem := exitCode(err)
	if problem {
		err = fmt.Errorf("error: %w", err)
	}
	if !errors.As(err, new(engine.Exit)) {
		tell(os.Stderr, err, known)
	}
	os.Exit(code)
}

// tell prints an error, which may quote what the engine and the cluster said.
func tell(out io.Writer, err error, known *secret.Known) {
	fmt.Fprintln(out, known.Clean(err.Error()))
}

func run(known *secret.Known) error {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	return newRoot(known).ExecuteContext(ctx)
}
