//go:build e2e

package nginx

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/host"

	"platform/tools/edge/site"
)

// patience is for a machine that does other work too.
const patience = 30 * time.Second

// edge is a real nginx on two free ports.
type edge struct {
	*Server
	t      *testing.T
	client *http.Client
}

func startNginx(t *testing.T) edge {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/nginx")
	if err != nil {
		host.Lacks(t, "no nginx; tools/servers/install servers installs it")
	}
	s := Settings{Folder: t.TempDir(), Address: "127.0.0.1", HTTP: host.FreePort(t), HTTPS: host.FreePort(t)}
	if os.Geteuid() == 0 {
		s.User = "root"
	}
	server, err := Start(t.Context(), program, s, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Stop(patience)) })
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		port := s.HTTP
		if strings.HasSuffix(address, ":443") {
			port = s.HTTPS
		}
		return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
	}
	return edge{server, t, &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dial, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // the test looks at what was shown
		},
	}}
}

// pod is a server that tells its name and what it was sent.
func pod(t *testing.T, name string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "websocket" {
			echo(w, name)
			return
		}
		size, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%s %s %s %s %s %d", name, r.Host, r.URL.RequestURI(), r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-For"), size)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// echo takes a connection over, as a WebSocket server does, and greets.
func echo(w http.ResponseWriter, name string) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello from %s\n", name)
}

// apply has nginx serve a site and waits until it does: a path that only this
// site has answers.
func (e edge) apply(s site.Site) {
	e.t.Helper()
	mark := fmt.Sprintf("/mark-%d", time.Now().UnixNano())
	s.Servers = append(s.Servers, site.Server{Host: "mark.test", Paths: []site.Path{{
		Path: mark, Exact: true, Redirect: &site.Redirect{Status: 302},
	}}})
	changed, err := e.Apply(e.t.Context(), s)
	require.NoError(e.t, err)
	require.True(e.t, changed)
	require.Eventually(e.t, func() bool { status, _ := e.get("http://mark.test" + mark); return status == 302 }, patience, 10*time.Millisecond)
}

func (e edge) get(url string) (int, string) {
	response, err := e.client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func shop(pods ...string) site.Site {
	web := site.Upstream{Name: "shop_web_80"}
	for _, address := range pods {
		web.Endpoints = append(web.Endpoints, site.Endpoint{Address: address, Weight: 1})
	}
	return site.Site{Upstreams: []site.Upstream{web}, Servers: []site.Server{
		{Host: "shop.test", Paths: []site.Path{{Path: "/api", Upstream: web.Name}, {Path: "/big", Upstream: web.Name, BodySize: "3m"}}},
		{Host: "shop.test", TLS: true, Paths: []site.Path{{Path: "/", Upstream: web.Name}}},
		{Host: "plain.test", Paths: []site.Path{{Path: "/", Redirect: &site.Redirect{Scheme: "https", Status: 308}}}},
	}}
}

func TestServe(t *testing.T) {
	e := startNginx(t)
	e.apply(shop(pod(t, "one")))
	for url, want := range map[string]struct {
		status int
		body   string
	}{
		"http://shop.test/api":           {200, "one shop.test /api http 127.0.0.1 0"},
		"http://shop.test/api/a%20b?c=d": {200, "one shop.test /api/a%20b?c=d http 127.0.0.1 0"},
		"http://shop.test/apis":          {404, ""},
		"http://other.test/":             {404, ""},
		"https://shop.test/":             {200, "one shop.test / https 127.0.0.1 0"},
		"https://other.test/":            {404, ""},
	} {
		status, body := e.get(url)
		assert.Equal(t, want.status, status, url)
		if want.body != "" {
			assert.Equal(t, want.body, body, url)
		}
	}
	response, err := e.client.Get("http://plain.test/a?b=c")
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, 308, response.StatusCode)
	assert.Equal(t, "https://plain.test/a?b=c", response.Header.Get("Location"))
}

func TestBodySize(t *testing.T) {
	e := startNginx(t)
	e.apply(shop(pod(t, "one")))
	for path, want := range map[string]int{"/api": 413, "/big": 200} {
		response, err := e.client.Post("http://shop.test"+path, "text/plain", strings.NewReader(strings.Repeat("x", 2<<20)))
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, want, response.StatusCode, path)
	}
}

func TestWebSocket(t *testing.T) {
	e := startNginx(t)
	e.apply(shop(pod(t, "one")))
	connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.settings.HTTP))
	require.NoError(t, err)
	defer connection.Close()
	require.NoError(t, connection.SetDeadline(time.Now().Add(patience)))
	fmt.Fprint(connection, "GET /api HTTP/1.1\r\nHost: shop.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
	line, err := reader.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "hello from one\n", line)
}

// One of two pods is gone, and nobody has told nginx yet.
func TestNoRequestFailsWhilePodsGo(t *testing.T) {
	e := startNginx(t)
	one, dead := pod(t, "one"), fmt.Sprintf("127.0.0.1:%d", host.FreePort(t))
	e.apply(shop(one, dead))
	var failed atomic.Int32
	for range 40 {
		response, err := e.client.Post("http://shop.test/api", "text/plain", strings.NewReader("task"))
		if err != nil || response.StatusCode != http.StatusOK {
			failed.Add(1)
		}
		if err == nil {
			response.Body.Close()
		}
	}
	assert.Zero(t, failed.Load())
	e.apply(shop(pod(t, "two")))
	_, body := e.get("http://shop.test/api")
	assert.Contains(t, body, "two", "the pods of the new site serve")
	e.apply(shop())
	status, _ := e.get("http://shop.test/api")
	assert.Equal(t, http.StatusServiceUnavailable, status)
}

func TestRefusedConfigurationChangesNothing(t *testing.T) {
	e := startNginx(t)
	e.apply(shop(pod(t, "one")))
	broken := shop("no address; at all")
	_, err := e.Apply(t.Context(), broken)
	var refused *RefusedError
	require.ErrorAs(t, err, &refused)
	assert.ErrorAs(t, e.Test(t.Context(), broken), &refused)
	assert.NoError(t, e.Test(t.Context(), site.Site{}))
	status, _ := e.get("http://shop.test/api")
	assert.Equal(t, http.StatusOK, status)
}
