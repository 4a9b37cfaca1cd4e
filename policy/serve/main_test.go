package serve

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// started runs a pack for an engine and returns its port, and what it ends with.
func started(t *testing.T, engine string) (string, <-chan error) {
	t.Helper()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(packOf(at("at")), engine, 10*time.Millisecond, in) }()
	port, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(port), ended
}

func TestAPackServesAsLongAsItsEngine(t *testing.T) {
	stop := make(chan bool)
	engine, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Cancel: stop})
	require.NoError(t, err)
	port, ended := started(t, net.JoinHostPort("127.0.0.1", strconv.Itoa(engine.Port)))
	conn, err := grpc.NewClient(net.JoinHostPort("127.0.0.1", port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	info, err := pulumirpc.NewAnalyzerClient(conn).GetAnalyzerInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	assert.Equal(t, "platform", info.GetName())
	require.NoError(t, conn.Close())
	select {
	case err := <-ended:
		t.Fatalf("it ended before its engine: %v", err)
	case <-time.After(100 * time.Millisecond): // ten looks
	}
	close(stop)
	require.NoError(t, <-engine.Done)
	select {
	case err := <-ended:
		assert.NoError(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("it outlives its engine")
	}
}

func TestAPackIsStartedByTheEngine(t *testing.T) {
	assert.ErrorContains(t, Main(packOf(), nil, io.Discard), "started by the engine: pulumi preview --policy-pack")
}
