package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedisAnswers(t *testing.T) {
	for text, want := range map[string]any{
		"+OK\r\n": "OK", ":7\r\n": 7, "$5\r\nhe\r\no\r\n": "he\r\no", "*2\r\n$1\r\na\r\n:1\r\n": []any{"a", 1},
	} {
		got, err := (&redis{in: bufio.NewReader(strings.NewReader(text))}).read()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"-WRONGPASS no\r\n": "redis: WRONGPASS no", "$-1\r\n": errNil.Error(), "*-1\r\n": errNil.Error(), "?1\r\n": "is no answer", "": "EOF",
	} {
		_, err := (&redis{in: bufio.NewReader(strings.NewReader(text))}).read()
		assert.ErrorContains(t, err, want)
	}
}

// A login goes to the identity provider and comes back; another browser's
// state, and a cookie of another key, do not.
func TestLogin(t *testing.T) {
	t.Setenv("SECRET_KEY", "key")
	t.Setenv("OAUTH_CLIENT_ID", "co2")
	t.Setenv("OAUTH_ISSUER_URL", "https://issuer.example.org/v2.0")
	t.Setenv("FRONTEND_URL", "https://co2.test")
	out := httptest.NewRecorder()
	login(out, httptest.NewRequest(http.MethodGet, "/v1/auth/login", nil))
	at, err := url.Parse(out.Header().Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, "issuer.example.org/v2.0/authorize", at.Host+at.Path)
	assert.Equal(t, "co2", at.Query().Get("client_id"))
	assert.Equal(t, "https://co2.test/api/v1/auth/callback", at.Query().Get("redirect_uri"))
	cookie := out.Result().Cookies()[0]
	assert.True(t, cookie.Secure && cookie.HttpOnly)

	back := func(state string) int {
		request := httptest.NewRequest(http.MethodGet, "/v1/auth/callback?state="+state, nil)
		request.AddCookie(cookie)
		out := httptest.NewRecorder()
		callback(out, request)
		return out.Code
	}
	assert.Equal(t, http.StatusFound, back(at.Query().Get("state")))
	assert.Equal(t, http.StatusBadRequest, back("another"))
	t.Setenv("SECRET_KEY", "rotated")
	assert.Equal(t, http.StatusBadRequest, back(at.Query().Get("state")))
}

func TestBackendServesWithAndWithoutThePrefix(t *testing.T) {
	t.Setenv("STANDIN_IMAGE", "backend:v1.0.0")
	b := &backend{metrics: newMetrics(nil)}
	for path, want := range map[string]int{
		"/healthz": 200, "/api/healthz": 200, "/health": 404, "/": 200, "/api": 200, "/apix": 404,
		"/api/standin/burn?ms=1": 200, "/standin/session": 401,
	} {
		out := httptest.NewRecorder()
		b.metrics.count(b.routes()).ServeHTTP(out, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, out.Code, path)
	}
	assert.Equal(t, 2, b.metrics.requests[`method="GET",status="404"`])
}

func TestStorageNeedsAFolderThatCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	t.Setenv("FILES_STORAGE_PATH", filepath.Join(file, "below"))
	assert.ErrorContains(t, makeStorage(), "files storage")
	t.Setenv("S3_ENDPOINT_HOSTNAME", "s3.example.org")
	assert.NoError(t, makeStorage())
}

func TestHeartbeatModule(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PYTHONPATH", "/nowhere:"+folder)
	_, err := heartbeat("worker_heartbeat")
	assert.EqualError(t, err, `no module named "worker_heartbeat"`)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "worker_heartbeat.py"), []byte(`HEARTBEAT = Path("/tmp/beat")`), 0o600))
	path, err := heartbeat("worker_heartbeat")
	require.NoError(t, err)
	assert.Equal(t, "/tmp/beat", path)
}

func TestGatewayFindsTheClosestRoute(t *testing.T) {
	file := filepath.Join(t.TempDir(), "routes.yaml")
	require.NoError(t, os.WriteFile(file, []byte("routes:\n- {host: a.test, path: /sse, target: 'one:80'}\n- {host: a.test, path: /, target: 'two:80'}\n"), 0o600))
	routes, err := readRoutes(file)
	require.NoError(t, err)
	for request, want := range map[string]string{"a.test /sse/x": "one:80", "a.test:443 /": "two:80", "b.test /": ""} {
		host, path, _ := strings.Cut(request, " ")
		way, _ := find(routes, host, path)
		assert.Equal(t, want, way.Target, request)
	}
}

// Nine errors are none too many, ten are, and those of long ago do not count.
func TestErrorBurst(t *testing.T) {
	b, start := newBursts(""), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range burstSize - 1 {
		assert.False(t, b.add("gfs", start.Add(time.Duration(i)*time.Second)))
	}
	assert.False(t, b.add("gfs", start.Add(2*burstTime)), "the first ones are forgotten")
	for i := range burstSize - 2 {
		assert.False(t, b.add("gfs", start.Add(2*burstTime+time.Duration(i)*time.Second)), fmt.Sprint(i))
	}
	assert.True(t, b.add("gfs", start.Add(2*burstTime+time.Minute)))
	assert.False(t, b.add("gfs", start.Add(2*burstTime+time.Minute)), "one alert a burst")
}

// Without a bus a service is deaf, says so and serves all the same.
func TestConsumersTellWhoIsDeaf(t *testing.T) {
	b := &bus{}
	b.hear(t.Context(), "AUTH", "edd-compute", nil)
	out := httptest.NewRecorder()
	b.consumers(out, nil)
	assert.Equal(t, http.StatusServiceUnavailable, out.Code)
	assert.Contains(t, out.Body.String(), `"stream":"AUTH","consumer":"edd-compute","hears":false`)
}
