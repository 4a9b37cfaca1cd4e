package infisical

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"platform/config"
	"platform/tests/infisicaltest"
)

// quick is a pace for tests: as many attempts as in earnest, milliseconds apart.
var quick = pace{first: time.Millisecond, longest: 4 * time.Millisecond, attempts: patience.attempts}

// TestMain ends with a look for goroutines that any reading has left behind. A
// package that the SDK imports starts one when it is linked.
func TestMain(m *testing.M) {
	if os.Getenv(envProxied) != "" {
		os.Exit(proxied())
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}

// both runs a test against either generation of the server.
func both(t *testing.T, test func(t *testing.T, generation infisicaltest.Generation)) {
	t.Helper()
	t.Run("2024", func(t *testing.T) { test(t, infisicaltest.Generation2024) })
	t.Run("2025", func(t *testing.T) { test(t, infisicaltest.Generation2025) })
}

// world has two folders with what [wanted] wants.
func world(generation infisicaltest.Generation) infisicaltest.World {
	w := infisicaltest.Simple("prod", map[string]string{
		"/backend/SECRET_KEY": "marked-secret-key", "/backend/DATABASE_URL": "postgres://app:marked-password@db:5432/app",
		"/redis/password": "marked-redis",
	})
	w.Generation = generation
	w.Projects[0].Environments = append(w.Projects[0].Environments, "dev")
	return w
}

func wanted() []config.SecretValue {
	return []config.SecretValue{
		{Secret: "backend-secrets", Key: "SECRET_KEY", Path: "/backend", Name: "SECRET_KEY"},
		{Secret: "backend-secrets", Key: "DATABASE_URL", Path: "/backend", Name: "DATABASE_URL", Format: config.FormatURL},
		{Secret: "redis-auth", Key: "password", Path: "/redis", Name: "password"},
	}
}

func settings(s *infisicaltest.Server) config.Infisical {
	return config.Infisical{
		URL: s.URL(), Project: infisicaltest.ProjectID, Environment: "prod", CACertificate: s.CAFile(),
		AttemptTimeout: 5 * time.Second, Timeout: 20 * time.Second,
	}
}

// env is a lookup in pairs of name and value.
func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func universal() func(string) (string, bool) {
	return env(EnvClientID, infisicaltest.ClientID, EnvClientSecret, infisicaltest.ClientSecret)
}

// ask reads what is wanted, quickly.
func ask(s *infisicaltest.Server) (*Result, error) {
	return read(context.Background(), "prod", settings(s), wanted(), universal(), quick)
}

// error asserts that there is one error, with its key and what it says, and
// that it is complete and shows nothing.
func problem(t *testing.T, err error, key string, parts ...string) {
	t.Helper()
	problems := problemsOf(t, err)
	require.Len(t, problems, 1, "%v", err)
	assert.Equal(t, key, problems[0].Key)
	for _, part := range parts {
		assert.Contains(t, problems[0].Error(), part)
	}
}

// faultsOf is every error of an error, each checked for completeness.
func problemsOf(t *testing.T, err error) config.Errors {
	t.Helper()
	var problems config.Errors
	require.ErrorAs(t, err, &problems)
	for _, problem := range problems {
		assert.True(t, strings.HasPrefix(problem.Key, "secrets.infisical"), problem.Key)
		assert.Equal(t, "prod", problem.Stack)
		assert.NotEmpty(t, problem.Why)
		assert.NotEmpty(t, problem.Remedy)
		assert.NotContains(t, problem.Error(), "\n")
		assert.NotContains(t, problem.Error(), "%!")
	}
	for _, secret := range []string{"marked-", infisicaltest.ClientSecret} {
		assert.NotContains(t, err.Error(), secret)
	}
	return problems
}
