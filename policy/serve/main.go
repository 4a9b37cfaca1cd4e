package serve

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"google.golang.org/grpc"
)

// engineCheck is how often a pack looks whether its engine still lives. One
// that was killed could not end it.
const engineCheck = 10 * time.Second

// window is how much the engine may send before the pack has read it. One that
// is set spares both sides the probing of gRPC for a better one, which is two
// more messages for each question, and a stack of thousands of resources waits
// for nothing.
const window = 64 << 20

// Main serves a pack until its engine ends. The arguments are those that the
// engine starts a plugin with, of which the last is the engine's address; what
// it waits for is the port, on a line of its own.
func Main(p Pack, args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("a policy pack is started by the engine: pulumi preview --policy-pack %s", os.Args[0])
	}
	runtime.GOMAXPROCS(1) // it is asked one question at a time: threads that wake each other cost a fifth of its time
	return run(p, args[len(args)-1], engineCheck, out)
}

// run serves a pack and looks at intervals whether the engine at an address
// still lives.
func run(p Pack, engine string, interval time.Duration, out io.Writer) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	end := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel:  end,
		Options: options(),
		Init: func(server *grpc.Server) error {
			register(server, NewServer(p))
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("policy pack %s: %w", p.Name, err)
	}
	if err := rpcutil.Healthcheck(ctx, engine, interval, func() { close(end) }); err != nil {
		return fmt.Errorf("policy pack %s: engine at %s: %w", p.Name, engine, err)
	}
	fmt.Fprintln(out, handle.Port)
	return <-handle.Done
}

// options are those of the server.
func options() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.ForceServerCodecV2(newCodec()), grpc.InitialWindowSize(window), grpc.InitialConnWindowSize(window), grpc.NumStreamWorkers(1),
	}
}
