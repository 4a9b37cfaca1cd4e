package infisical

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

// envProxied makes the test program read one value and end: net/http looks at
// the proxy of the environment once in the life of a process.
const (
	envProxied = "TEST_INFISICAL_URL"
	envRoots   = "TEST_INFISICAL_CA"
)

// proxied is what that process does.
func proxied() int {
	c := config.Infisical{URL: os.Getenv(envProxied), CACertificate: os.Getenv(envRoots), Project: infisicaltest.ProjectID, Environment: "prod"}
	result, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(result.Values["redis-auth/password"].Reveal())
	return 0
}

// tunnel is a proxy that leads every CONNECT to one address.
func tunnel(t *testing.T, to string) (url string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var hosts []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hosts = append(hosts, r.Method+" "+r.Host)
		mu.Unlock()
		server, err := net.Dial("tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer server.Close()
		w.WriteHeader(http.StatusOK)
		client, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer client.Close()
		go func() { _, _ = io.Copy(server, client); _ = server.(*net.TCPConn).CloseWrite() }()
		_, _ = io.Copy(client, server)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), hosts...)
	}
}

func runProxied(t *testing.T, s *infisicaltest.Server, proxy string) (string, error) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), envProxied+"=https://infisical.example", envRoots+"="+s.CAFile(),
		"HTTPS_PROXY="+proxy, "https_proxy="+proxy, "HTTP_PROXY="+proxy, "NO_PROXY=", "no_proxy=")
	output, err := command.CombinedOutput()
	return string(output), err
}

// The way to the server is through the proxy that the environment names. There
// is no other connection that it could be asked for.
func TestProxyOfTheEnvironment(t *testing.T) {
	w := world(infisicaltest.Generation2024)
	w.Hosts = []string{"infisical.example"}
	s := infisicaltest.Start(t, w)
	url, asked := tunnel(t, s.Address())
	output, err := runProxied(t, s, url)
	require.NoError(t, err, output)
	assert.Equal(t, "marked-redis\n", output)
	require.NotEmpty(t, asked())
	for _, host := range asked() {
		assert.Equal(t, "CONNECT infisical.example:443", host)
	}
}

// Port 1 is tcpmux, which nobody serves.
func TestProxyErrorsShowNoPassword(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	output, err := runProxied(t, s, "http://user:marked-password@127.0.0.1:1")
	require.Error(t, err)
	assert.Contains(t, output, "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused")
	assert.NotContains(t, output, "marked")
}
