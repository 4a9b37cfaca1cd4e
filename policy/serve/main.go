package serve

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

const (
	// engineCheck is how often a pack looks whether its engine still lives. One
	// that was killed could not end it.
	engineCheck = 10 * time.Second
	// largest is the most that the engine sends in one message, as the SDK has
	// it; gRPC's own bound of 4 MiB is less than a stack of thousands.
	largest = 400 << 20
)

// Main serves a pack until its engine ends. The arguments are those that the
// engine starts a plugin with, of which the last is the engine's address; what
// it waits for is the port, on a line of its own.
func Main(p Pack, args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("a policy pack is started by the engine: pulumi preview --policy-pack %s", os.Args[0])
	}
	return run(p, args[len(args)-1], engineCheck, out)
}

// run serves a pack and looks at intervals whether the engine at an address
// still lives.
func run(p Pack, engine string, interval time.Duration, out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("policy pack %s: %w", p.Name, err)
	}
	check := NewServer(p)
	if check.reports, err = newReporter(); err != nil {
		return fmt.Errorf("policy pack %s: %w", p.Name, err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(largest))
	pulumirpc.RegisterAnalyzerServer(server, check)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := onEnd(ctx, engine, interval, server.Stop); err != nil {
		return fmt.Errorf("policy pack %s: engine at %s: %w", p.Name, engine, err)
	}
	fmt.Fprintln(out, listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}
