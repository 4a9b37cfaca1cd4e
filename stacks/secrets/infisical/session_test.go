package infisical

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

// expiring lets every token end before the first list is answered.
func expiring(s *infisicaltest.Server, by time.Duration) infisicaltest.Error {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		s.Advance(by)
		answer(w, r)
	}
}

// A token that expires in mid-run, in either of the two ways, is replaced once.
func TestExpiredTokenIsReplacedOnce(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		for _, by := range []time.Duration{90 * time.Minute, 3 * time.Hour} { // past the TTL: 401; past the JWT's end: 403
			s := infisicaltest.Start(t, world(generation))
			s.Script(infisicaltest.List, expiring(s, by))
			_, err := ask(s)
			require.NoError(t, err)
			assert.Equal(t, 2, s.Count(infisicaltest.Login))
			assert.LessOrEqual(t, s.Count(infisicaltest.List), 4)
		}
	})
}

// Many lists that meet the same expiry share one log-in.
func TestExpiryOfManyLists(t *testing.T) {
	s, values := wide(t, 12, 30)
	s.Script(infisicaltest.List, nil, nil, nil, expiring(s, 3*time.Hour))
	_, err := read(context.Background(), "prod", settings(s), values, universal(), quick)
	require.NoError(t, err)
	assert.Equal(t, 2, s.Count(infisicaltest.Login))
}

func TestTokenThatStaysRefused(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, misbehaviour := range []infisicaltest.Error{
		infisicaltest.Refusal(401, "UnauthorizedError", "Token missing"), infisicaltest.Refusal(403, "TokenError", "invalid signature"),
		infisicaltest.Raw(401, "text/html", "<html>"), infisicaltest.Raw(403, "text/html", "<html>"),
	} {
		before := s.Count(infisicaltest.Login)
		s.Always(infisicaltest.List, misbehaviour)
		_, err := ask(s)
		problem(t, err, "secrets.infisical", "refuses the access token that it has just given")
		assert.Equal(t, 2, s.Count(infisicaltest.Login)-before)
	}
	_, err := read(context.Background(), "prod", settings(s), wanted(), env(EnvToken, "marked-token"), quick)
	problem(t, err, "secrets.infisical", "refuses the access token: status 403", "put a token that has not expired into INFISICAL_TOKEN")
}

// A second log-in that is refused says why, and is not repeated for each list.
func TestSecondLoginRefused(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2025))
	s.Script(infisicaltest.Login, nil, infisicaltest.Refusal(401, "UnauthorizedError", "Access denied due to client secret usage limit reached"))
	s.Script(infisicaltest.List, expiring(s, 3*time.Hour))
	_, err := ask(s)
	problem(t, err, "secrets.infisical", "as often as it may")
	assert.Equal(t, 2, s.Count(infisicaltest.Login))
}

// opened is a session that has logged in.
func opened(t *testing.T, server *infisicaltest.Server) *session {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	r := &reader{settings: settings(server), wanted: wanted()}
	base, c, roots := r.prepare(universal())
	s := &session{base: base, wire: newWire(ctx, roots), credentials: c, settings: r.settings, pace: quick}
	t.Cleanup(s.wire.close)
	require.Nil(t, s.start(ctx))
	return s
}

// However many lists meet refusals, and in whatever order: one more log-in.
func TestRenewedOnce(t *testing.T) {
	server := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	s, ctx := opened(t, server), context.Background()
	first := s.current()
	second, failed := s.renewed(ctx, first)
	require.Nil(t, failed)
	assert.NotEqual(t, first, second)
	again, failed := s.renewed(ctx, first)
	require.Nil(t, failed)
	assert.Equal(t, second, again, "that of the list beside it")
	third, failed := s.renewed(ctx, second)
	require.Nil(t, failed)
	assert.Empty(t, third)
	assert.Equal(t, 2, server.Count(infisicaltest.Login))
}

// The reason of a second log-in's refusal is told to every list.
func TestRenewalRefused(t *testing.T) {
	server := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	s, ctx := opened(t, server), context.Background()
	server.Always(infisicaltest.Login, infisicaltest.Refusal(401, "UnauthorizedError", "Invalid credentials"))
	for range 3 {
		_, failed := s.renewed(ctx, s.current())
		require.NotNil(t, failed)
		assert.True(t, failed.login)
	}
	assert.Equal(t, 2, server.Count(infisicaltest.Login))
}

// A refusal that repeats the token is reported without its text.
func TestRefusalThatRepeatsTheToken(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	var token string
	s.Always(infisicaltest.List, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		infisicaltest.Refusal(400, "BadRequest", "no "+token)(w, r, answer)
	})
	_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
	problem(t, err, "secrets.infisical.path", "status 400;")
	require.NotEmpty(t, token)
	assert.NotContains(t, err.Error(), token)
}

// A permission that is missing is no reason to log in again.
func TestForbiddenKeepsTheToken(t *testing.T) {
	w := world(infisicaltest.Generation2024)
	w.Identities[0].Grants[0].Paths = []string{"/redis"}
	s := infisicaltest.Start(t, w)
	_, err := ask(s)
	problem(t, err, "secrets.infisical.environment", `may not read folder "/backend"`)
	assert.Equal(t, 1, s.Count(infisicaltest.Login))
	s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants = nil })
	_, err = ask(s)
	problem(t, err, "secrets.infisical.project", "is not a member of the project", "add it to the project")
	assert.Equal(t, 2, s.Count(infisicaltest.Login))
}

func TestUnknownProject(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		for _, id := range []string{"homelab-test", "00000000-0000-4000-8000-000000000000"} {
			c := settings(s)
			c.Project = id
			_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
			problem(t, err, "secrets.infisical.project", "the project is unknown to the server", "write the ID that the project's settings show")
		}
	})
}

// What is wrong with any value of any folder is reported in one run.
func TestValueErrorsAreToldTogether(t *testing.T) {
	w := world(infisicaltest.Generation2025)
	w.Identities[0].Grants[0].Environments = nil
	s := infisicaltest.Start(t, w)
	s.Set("prod", "/backend", "DATABASE_URL", "marked-no-url")
	s.Set("prod", "/redis", "hidden", hiddenText)
	s.Set("prod", "/redis", "reference", "${marked-reference}")
	s.Set("prod", "/redis", "short", "marked-s")
	s.Script(infisicaltest.List, nil)
	value := func(path, name string) config.SecretValue {
		return config.SecretValue{Secret: "s", Key: name, Path: path, Name: name, MinLength: 9}
	}
	values := append(wanted(), value("/redis", "hidden"), value("/redis", "reference"), value("/redis", "short"),
		value("/redis", "gone"), value("/redis", "lost"), value("/no/such", "there"), value("/empty/below", "here"))
	s.Set("prod", "/empty/below/deep", "x", "y")
	c := settings(s)
	c.Values = map[string]config.SecretPlace{"s/here": {Path: "/empty/below"}}
	_, err := read(context.Background(), "prod", c, values, universal(), quick)
	problemsOf(t, err)
	assert.Equal(t, `7 errors in the configuration of stack prod:
  platform:secrets.infisical.path (stack prod): folder "/redis" of environment "prod" lacks gone (for s/gone), lost (for s/lost); create /redis/gone, /redis/lost in environment prod; make secrets-template STACK=prod writes a file of all that is needed, or let the machine identity read the folders that it imports
  platform:secrets.infisical.path (stack prod): there is no folder "/no/such" in environment "prod" ("Folder with path '/no/such' in environment 'prod' was not found. Please ensure the environment slug and secret path is correct."); create /no/such/there in environment prod; make secrets-template STACK=prod writes a file of all that is needed
  platform:secrets.infisical.values.backend-secrets/DATABASE_URL (stack prod): the value of /backend/DATABASE_URL is not a URL with a scheme and a host; correct the value in Infisical
  platform:secrets.infisical.values.s/here.path (stack prod): folder "/empty/below" of environment "prod" came back empty: nothing is in it, or folder or environment do not exist, or the machine identity may not read them; missing: here (for s/here); create /empty/below/here in environment prod; make secrets-template STACK=prod writes a file of all that is needed; if it is there, correct the names' case or let the machine identity read it
  platform:secrets.infisical.values.s/hidden (stack prod): Infisical hides the value of /redis/hidden from this machine identity; let the machine identity read values, not only see that they are there
  platform:secrets.infisical.values.s/reference (stack prod): the value of /redis/reference holds a reference that Infisical has not resolved; correct the reference, or let the machine identity read what it names
  platform:secrets.infisical.values.s/short (stack prod): the value of /redis/short is shorter than 9 characters; correct the value in Infisical`, err.Error())
	assert.Equal(t, 1, s.Count(infisicaltest.Login))
	assert.Equal(t, 4, s.Count(infisicaltest.List))
}
