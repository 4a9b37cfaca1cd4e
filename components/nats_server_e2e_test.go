//go:build e2e

package components_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/nats"
	"platform/tests/host"
)

// natsServer is a real server with the component's configuration and command
// line, in a folder that stands for its pod.
type natsServer struct {
	container any
	conf      string // as the ConfigMap has it
	pod       string // its name
	ports     map[string]int
	folder    string
	peers     []*natsServer // of a cluster, itself included
	program   *exec.Cmd
}

// newNATS lays out a pod of a kind for each server that the component makes.
func newNATS(t *testing.T, args nats.Args, kind string) []*natsServer {
	t.Helper()
	resources, container := bus(t, args, kind)
	conf, _ := natsConf(t, resources, kind)
	var servers []*natsServer
	for i := range args.Replicas {
		server := &natsServer{
			container: container, conf: conf, pod: fmt.Sprintf("nats-%d", i), folder: t.TempDir(),
			ports: map[string]int{"client": host.FreePort(t), "monitor": host.FreePort(t), "cluster": host.FreePort(t)},
		}
		require.NoError(t, os.MkdirAll(filepath.Join(server.folder, "data"), 0o755))
		require.NoError(t, os.MkdirAll(filepath.Join(server.folder, "run"), 0o755))
		servers = append(servers, server)
	}
	for _, server := range servers {
		server.peers = servers
	}
	return servers
}

// natsProgram is where the server is: Debian keeps it where only root's PATH
// leads.
func natsProgram(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"nats-server", "/usr/sbin/nats-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	host.Lacks(t, "nats-server is not on PATH; install the package nats-server")
	return ""
}

// paths are all that differs from the pod: folders, ports, and the addresses
// that DNS would give.
func (s *natsServer) paths() map[string]string {
	paths := map[string]string{
		"/etc/nats":        filepath.Join(s.folder, "config"),
		"/run/nats":        filepath.Join(s.folder, "run"),
		"store_dir: /data": "store_dir: " + filepath.Join(s.folder, "data"),
		"port: 4222":       fmt.Sprintf("port: %d", s.ports["client"]),
		"http_port: 8222":  fmt.Sprintf("http_port: %d", s.ports["monitor"]),
		"port: 6222":       fmt.Sprintf("port: %d", s.ports["cluster"]),
	}
	for _, peer := range s.peers {
		paths["nats://"+peer.pod+".nats-headless:6222"] = fmt.Sprintf("nats://127.0.0.1:%d", peer.ports["cluster"])
	}
	return paths
}

// words are the container's command line, or its hook's.
func (s *natsServer) words(t *testing.T, line any) []string {
	t.Helper()
	return command(t, line, s.paths())
}

// start runs the server in the container's environment.
func (s *natsServer) start(t *testing.T) {
	t.Helper()
	write(t, s.folder, map[string]string{"config/nats.conf": s.words(t, []any{s.conf})[0]})
	s.program = exec.Command(natsProgram(t), append(s.words(t, dig(s.container, "args")), "--addr", "127.0.0.1")...)
	s.program.Env = resolved(t, s.container, nil, map[string]string{"POD_NAME": s.pod})
	launch(t, s.program, filepath.Join(s.folder, "server.log"))
}

// kill ends the server as a node does that loses its power.
func (s *natsServer) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, s.program.Process.Kill())
	require.Error(t, s.program.Wait())
}

// probe asks what a probe of the container asks.
func (s *natsServer) probe(probe string) bool {
	path := dig(s.container, probe, "httpGet", "path").(string)
	return s.get(path, nil) == nil
}

// get asks the monitor.
func (s *natsServer) get(path string, into any) error {
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d%s", s.ports["monitor"], path))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

func (s *natsServer) awaitReady(t *testing.T) {
	t.Helper()
	eventually(t, s.pod+" is started and ready", func() bool { return s.probe("startupProbe") && s.probe("readinessProbe") })
	assert.True(t, s.probe("livenessProbe"))
}

// leader is what a server takes for the leader of the cluster's streams.
func (s *natsServer) leader() string {
	var state struct {
		Meta struct{ Leader string } `json:"meta_cluster"`
	}
	if s.get("/jsz", &state) != nil {
		return ""
	}
	return state.Meta.Leader
}

// natsClient speaks the protocol as it goes over the wire: the servers' words
// are what the tests are about.
type natsClient struct {
	net.Conn
	lines *bufio.Reader
}

func (s *natsServer) connect(t *testing.T) *natsClient {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(s.ports["client"]))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	client := &natsClient{conn, bufio.NewReader(conn)}
	fmt.Fprint(client, "CONNECT {\"verbose\":false,\"protocol\":1}\r\nPING\r\n") // 1 is told of changes
	client.await(t, "PONG")
	return client
}

// await is read, of what has to come.
func (c *natsClient) await(t *testing.T, word string) string {
	t.Helper()
	rest, err := c.read(word)
	require.NoError(t, err, "waiting for %s", word)
	return rest
}

// read reads to a line that starts with a word and returns the rest of it.
func (c *natsClient) read(word string) (string, error) {
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		if rest, found := strings.CutPrefix(strings.TrimSpace(line), word); found {
			return strings.TrimSpace(rest), nil
		}
	}
}

// natsAnswer is what a stream says to a message that it has stored, and what
// the servers say to a question about streams.
type natsAnswer struct {
	Stream string
	Seq    int
	Error  struct{ Description string }
	State  struct{ Messages int }
}

// request sends a message until it is answered, and decodes the answer. A server
// that does not know of a stream yet drops what is sent to it.
func (s *natsServer) request(t *testing.T, subject, message string) natsAnswer {
	t.Helper()
	var answer natsAnswer
	eventually(t, "an answer to "+subject, func() (answered bool) {
		var err error
		answer, err = s.ask(t, subject, message, 5*time.Second)
		return err == nil
	})
	return answer
}

// ask is request for as long as a wait. A stream that has no leader, or that
// this server does not know of yet, never answers.
func (s *natsServer) ask(t *testing.T, subject, message string, wait time.Duration) (natsAnswer, error) {
	t.Helper()
	client := s.connect(t)
	defer client.Close()
	require.NoError(t, client.SetDeadline(time.Now().Add(wait)))
	fmt.Fprintf(client, "SUB answers 1\r\nPUB %s answers %d\r\n%s\r\n", subject, len(message), message)
	said, err := client.read("MSG")
	if err != nil {
		return natsAnswer{}, err
	}
	fields := strings.Fields(said)
	size, err := strconv.Atoi(fields[len(fields)-1])
	require.NoError(t, err)
	var answer natsAnswer
	err = json.NewDecoder(io.LimitReader(client.lines, int64(size))).Decode(&answer)
	return answer, err
}

// newStream makes a stream as the platform's services do, with files.
func (s *natsServer) newStream(t *testing.T, name string, replicas int, maxBytes int64) string {
	t.Helper()
	config := fmt.Sprintf(`{"name":%q,"subjects":[%q],"storage":"file","num_replicas":%d,"max_bytes":%d}`,
		name, strings.ToLower(name)+".>", replicas, maxBytes)
	return s.request(t, "$JS.API.STREAM.CREATE."+name, config).Error.Description
}

func (s *natsServer) messages(t *testing.T, stream string) int {
	t.Helper()
	return s.request(t, "$JS.API.STREAM.INFO."+stream, "").State.Messages
}
