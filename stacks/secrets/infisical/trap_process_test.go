package infisical

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 10: the SDK takes credentials that are empty, and an organization, from
// the environment of the process.
func TestTrap10ProcessEnvironment(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	t.Setenv(EnvClientID, infisicaltest.ClientID)
	t.Setenv(EnvClientSecret, infisicaltest.ClientSecret)
	t.Setenv("INFISICAL_AUTH_ORGANIZATION_SLUG", "elsewhere")
	_, err := Read(context.Background(), "prod", settings(s), wanted(), env())
	problem(t, err, "secrets.infisical", "no credentials")
	assert.Empty(t, s.Requests())
	var sent map[string]any
	s.Script(infisicaltest.Login, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		text, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(text, &sent)
		r.Body = io.NopCloser(strings.NewReader(string(text)))
		answer(w, r)
	})
	_, err = Read(context.Background(), "prod", settings(s), wanted(), universal())
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"clientId": infisicaltest.ClientID, "clientSecret": infisicaltest.ClientSecret}, sent)
}

// Trap 14: the SDK can put what it reads into the environment of the process.
func TestTrap14ProcessEnvironmentStays(t *testing.T) {
	before := os.Environ()
	_, err := ask(infisicaltest.Start(t, world(infisicaltest.Generation2024)))
	require.NoError(t, err)
	assert.Equal(t, before, os.Environ())
}

// Trap 15: the SDK's HTTP client prints lines with addresses when the network
// fails, and no setting silences it.
func TestTrap15PrintsNothing(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = out, out
	defer func() { os.Stdout, os.Stderr = stdout, stderr }()
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, misbehaviour := range []infisicaltest.Error{infisicaltest.Reset(), infisicaltest.Cut(0), infisicaltest.Truncated(), infisicaltest.RedisDown(), infisicaltest.HTML(), nil} {
		s.Always(infisicaltest.Login, misbehaviour)
		_, _ = ask(s)
	}
	broken := &relay{ctx: context.Background(), transport: http.NewFileTransport(http.Dir(".")), timeout: time.Second}
	client := (&session{base: "https://h.invalid"}).client(broken, "token").SetRetryCount(1).SetRetryWaitTime(1).SetRetryMaxWaitTime(1)
	_, err = client.R().Get("/x") // retries are what the library prints about
	require.Error(t, err)
	os.Stdout, os.Stderr = stdout, stderr
	text, err := os.ReadFile(out.Name())
	require.NoError(t, err)
	assert.Empty(t, string(text))
}
