package infisical

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

func TestRetryAfter(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2025))
	s.Script(infisicaltest.Login, infisicaltest.TooMany(1))
	start := time.Now()
	_, err := ask(s)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, time.Since(start), time.Second)

	for _, misbehaviour := range []infisicaltest.Error{
		infisicaltest.TooMany(60), infisicaltest.Refusal(http.StatusServiceUnavailable, "x", "y", "Retry-After", "60"),
	} {
		s = infisicaltest.Start(t, world(infisicaltest.Generation2025))
		s.Always(infisicaltest.Login, misbehaviour)
		start = time.Now()
		_, err = ask(s)
		assert.Less(t, time.Since(start), time.Second)
		problems := problemsOf(t, err)
		assert.Contains(t, problems[0].Error(), "asks to wait 1m0s")
		assert.Equal(t, 1, s.Count(infisicaltest.Login))
	}
}

// A server that always asks for a short wait is left after the last attempt.
func TestRetryAfterWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	failed := retry(ctx, quick, func() *failure { return &failure{kind: refused, status: 429, wait: time.Millisecond} })
	r := &reader{stack: "prod"}
	assert.Contains(t, r.problem(failed, credentials{}).Error(), "limits how often it is asked (6 attempts)")
}

// The rate limit of older servers, as it is met in earnest.
func TestRateLimitOfLists(t *testing.T) {
	w := world(infisicaltest.Generation2024)
	w.ListsPerMinute = 1
	s := infisicaltest.Start(t, w)
	once := func() error { // of one folder: a list beside the refused one might arrive after the clock was set
		_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
		return err
	}
	require.NoError(t, once())
	problem(t, once(), "secrets.infisical.timeout", "asks to wait", "which is more than is left of 20s")
	s.Advance(time.Minute)
	require.NoError(t, once())
}

func TestRetryAfterForms(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "5": 5 * time.Second, " 7 ": 7 * time.Second, "-1": 0, "1.5": 0, "soon": 0, "99999999999": 0,
		"Fri, 01 May 2026 12:00:30 GMT": 30 * time.Second, "Fri, 01 May 2026 11:00:00 GMT": 0,
	} {
		assert.Equal(t, want, retryAfter(http.Header{"Retry-After": {text}}, now), text)
	}
}
