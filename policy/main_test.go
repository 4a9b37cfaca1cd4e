package main

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"platform/policy/rules"
)

// An official CLI reads the file and has its language host build the folder.
func TestTheFolderIsAPolicyPack(t *testing.T) {
	project, err := workspace.LoadPolicyPack("PulumiPolicy.yaml")
	require.NoError(t, err)
	assert.Equal(t, "go", project.Runtime.Name())
	assert.Equal(t, rules.Pack().Description, *project.Description)
	assert.Empty(t, project.Version, "it would take the place of the pack's own")
	assert.Empty(t, project.Main, "the folder itself")
}

// What is built from the folder speaks the protocol as a process of its own.
func TestTheProgramServesThePack(t *testing.T) {
	program := filepath.Join(t.TempDir(), "pack")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	stop := make(chan bool)
	engine, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Cancel: stop})
	require.NoError(t, err)
	defer close(stop)
	cmd := exec.Command(program, "127.0.0.1:"+strconv.Itoa(engine.Port))
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill() // as the engine ends its plugins
		_ = cmd.Wait()
	}()
	port, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	conn, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer conn.Close()
	info, err := pulumirpc.NewAnalyzerClient(conn).GetAnalyzerInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	assert.Equal(t, "platform", info.GetName())
	assert.Len(t, info.GetPolicies(), len(rules.All()))
}
