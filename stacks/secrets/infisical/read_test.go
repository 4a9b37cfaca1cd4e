package infisical

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"platform/config"
	"platform/tests/infisicaltest"
)

func TestReadGivesEveryValue(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		s.Set("prod", "/redis", "spare", "marked-spare")
		values := append(wanted(), config.SecretValue{Secret: "redis-auth", Key: "note", Path: "/redis", Name: "note", Optional: true})
		result, err := read(context.Background(), "prod", settings(s), values, universal(), quick)
		require.NoError(t, err)
		got := map[string]string{}
		for name, value := range result.Values {
			got[name] = value.Reveal()
		}
		assert.Equal(t, map[string]string{
			"backend-secrets/SECRET_KEY":   "marked-secret-key",
			"backend-secrets/DATABASE_URL": "postgres://app:marked-password@db:5432/app",
			"redis-auth/password":          "marked-redis",
			"redis-auth/note":              "",
		}, got)
		assert.Equal(t, []string{"/redis/spare"}, result.Undeclared)
		assert.Equal(t, 1, s.Count(infisicaltest.Login))
		assert.Equal(t, 2, s.Count(infisicaltest.List))
		assert.Len(t, s.Requests(), 3)
	})
}

func TestReadWithToken(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2025))
	result, err := Read(context.Background(), "prod", settings(s), wanted(), env(EnvToken, s.Issue(infisicaltest.ClientID)))
	require.NoError(t, err)
	assert.Equal(t, "marked-redis", result.Values["redis-auth/password"].Reveal())
	assert.Equal(t, 0, s.Count(infisicaltest.Login))
	assert.Equal(t, 2, s.Count(infisicaltest.List))
}

func TestNothingWantedAsksNobody(t *testing.T) {
	result, err := Read(context.Background(), "prod", config.Infisical{}, nil, env())
	require.NoError(t, err)
	assert.Empty(t, result.Values)
}

func TestResultShowsNoValue(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	result, err := ask(s)
	require.NoError(t, err)
	one := result.Values["redis-auth/password"]
	nested := struct{ inner Value }{one}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "result", result, "value", one)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "result", result, "value", one)
	text, err := json.Marshal(result)
	require.NoError(t, err)
	printed := log.String() + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(strings.Repeat(verb, 5), result, *result, result.Values, one, nested)
	}
	assert.NotContains(t, printed, "marked")
	assert.NotContains(t, printed, fmt.Sprintf("%x", "marked"))
	assert.Contains(t, printed, masked)
	assert.Empty(t, Value{}.Reveal())
}

func TestCredentialErrors(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	const id, secret = infisicaltest.ClientID, infisicaltest.ClientSecret
	for name, tc := range map[string]struct {
		lookup func(string) (string, bool)
		want   string
	}{
		"none":         {env(), "no credentials"},
		"blank":        {env(EnvClientID, " ", EnvClientSecret, "\t", EnvToken, "\n"), "no credentials"},
		"no secret":    {env(EnvClientID, id, EnvClientSecret, " "), EnvClientID + " is set and " + EnvClientSecret + " is not"},
		"no id":        {env(EnvClientSecret, secret), EnvClientSecret + " is set and " + EnvClientID + " is not"},
		"both":         {env(EnvClientID, id, EnvClientSecret, secret, EnvToken, "t"), "nothing says which"},
		"half and one": {env(EnvClientSecret, secret, EnvToken, "t"), "nothing says which"},
		"broken token": {env(EnvToken, "marked-a\nb"), "white space"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(context.Background(), "prod", settings(s), wanted(), tc.lookup)
			problem(t, err, "secrets.infisical", tc.want)
		})
	}
	assert.Empty(t, s.Requests())
}

// Whatever needs no server is reported at once, before anything is sent.
func TestSettingErrorsAreToldTogether(t *testing.T) {
	values := wanted()
	values[0].Path, values[1].Path, values[2].Name = "backend", "/a.b", " "
	values = append(values, config.SecretValue{Secret: "redis-auth", Key: "password", Path: "/other", Name: "x"})
	_, err := Read(context.Background(), "prod", config.Infisical{
		URL: "http://h", Project: " ", Environment: "prod ", CACertificate: "no/such.pem", AttemptTimeout: -1, Timeout: -1,
		Values: map[string]config.SecretPlace{"backend-secrets/DATABASE_URL": {Path: "/a.b"}},
	}, values, env())
	keys := map[string]bool{}
	for _, problem := range problemsOf(t, err) {
		keys[problem.Key] = true
	}
	assert.Equal(t, map[string]bool{
		"secrets.infisical": true, "secrets.infisical.url": true, "secrets.infisical.project": true, "secrets.infisical.environment": true,
		"secrets.infisical.caCertificate": true, "secrets.infisical.attemptTimeout": true, "secrets.infisical.timeout": true,
		"secrets.infisical.path": true, "secrets.infisical.values.backend-secrets/DATABASE_URL.path": true,
		"secrets.infisical.values.redis-auth/password.name": true, "secrets.infisical.values.redis-auth/password": true,
	}, keys)
}

func TestCancelEndsAtOnce(t *testing.T) {
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		t.Run(string(endpoint), func(t *testing.T) {
			s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			arrived := make(chan struct{}, 8)
			s.Always(endpoint, infisicaltest.Hang(arrived))
			done := make(chan error, 1)
			go func() {
				_, err := Read(ctx, "prod", settings(s), wanted(), universal())
				done <- err
			}()
			<-arrived
			start := time.Now()
			cancel()
			err := <-done
			assert.Less(t, time.Since(start), time.Second)
			require.ErrorIs(t, err, context.Canceled)
			assert.Contains(t, err.Error(), "platform:secrets.infisical (stack prod): reading from Infisical was stopped")
		})
	}
}

// A wait between attempts ends too, and the cause of a context is kept.
func TestCancelEndsAWait(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	reason := errors.New("the operator has gone")
	ctx, cancel := context.WithCancelCause(context.Background())
	s.Always(infisicaltest.Login, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		infisicaltest.TooMany(15)(w, r, answer)
		time.AfterFunc(10*time.Millisecond, func() { cancel(reason) })
	})
	start := time.Now()
	_, err := Read(ctx, "prod", settings(s), wanted(), universal())
	assert.Less(t, time.Since(start), time.Second)
	require.ErrorIs(t, err, reason)
}

// However a reading ends, its goroutines and connections end with it.
func TestNothingOutlivesRead(t *testing.T) {
	for name, prepare := range map[string]func(*infisicaltest.Server, *config.Infisical){
		"success": func(*infisicaltest.Server, *config.Infisical) {},
		"error":   func(s *infisicaltest.Server, _ *config.Infisical) { s.Always(infisicaltest.List, infisicaltest.HTML()) },
		"hang": func(s *infisicaltest.Server, c *config.Infisical) {
			s.Always(infisicaltest.List, infisicaltest.Hang(nil))
			c.Timeout = 200 * time.Millisecond
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
			c := settings(s)
			prepare(s, &c)
			before := goleak.IgnoreCurrent()
			_, _ = read(context.Background(), "prod", c, wanted(), universal(), quick)
			require.Eventually(t, func() bool { return s.Connections() == 0 }, 2*time.Second, time.Millisecond)
			goleak.VerifyNone(t, before)
		})
	}
}
