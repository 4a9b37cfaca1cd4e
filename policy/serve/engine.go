package serve

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// onEnd calls stop once the engine at an address no longer answers, which it is
// asked at intervals until the context ends. An answer is enough: the engine
// need not know the question.
func onEnd(ctx context.Context, engine string, interval time.Duration, stop func()) error {
	conn, err := grpc.NewClient(engine, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	go func() {
		defer func() { _ = conn.Close() }()
		ticks := time.NewTicker(interval)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
			}
			_, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
			if err != nil && status.Code(err) != codes.Unimplemented {
				stop()
				return
			}
		}
	}()
	return nil
}
