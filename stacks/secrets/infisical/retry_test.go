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

// What may pass is tried again, and a reading that meets it once succeeds.
func TestPassingFailuresAreRetried(t *testing.T) {
	for name, misbehaviour := range map[string]infisicaltest.Error{
		"429":         infisicaltest.LockContention(),
		"500":         infisicaltest.RedisDown(),
		"502":         infisicaltest.BadGateway(),
		"503":         infisicaltest.Refusal(http.StatusServiceUnavailable, "x", "y"),
		"504":         infisicaltest.Raw(http.StatusGatewayTimeout, "", ""),
		"reset":       infisicaltest.Reset(),
		"closed":      infisicaltest.Cut(0),
		"broken off":  infisicaltest.Half(),
		"no Retry-At": infisicaltest.TooMany(0),
	} {
		for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
			t.Run(name+"/"+string(endpoint), func(t *testing.T) {
				s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
				s.Script(endpoint, infisicaltest.Times(3, misbehaviour)...)
				_, err := ask(s)
				require.NoError(t, err)
				assert.Equal(t, map[infisicaltest.Endpoint]int{infisicaltest.Login: 4, infisicaltest.List: 5}[endpoint], s.Count(endpoint))
			})
		}
	}
}

// What stays is reported after the last attempt, with their number.
func TestPassingFailuresThatStay(t *testing.T) {
	for name, tc := range map[string]struct {
		problem   infisicaltest.Error
		key, want string
	}{
		"429":    {infisicaltest.LockContention(), "secrets.infisical", `limits how often it is asked ("Failed to acquire lock: rate limit exceeded")`},
		"500":    {infisicaltest.DatabaseDown("Find one"), "secrets.infisical.url", `status 500 ("Something went wrong")`},
		"502":    {infisicaltest.BadGateway(), "secrets.infisical.url", "status 502"},
		"reset":  {infisicaltest.Reset(), "secrets.infisical.url", "connection reset by peer"},
		"closed": {infisicaltest.Cut(0), "secrets.infisical.url", "cannot be reached: EOF"},
	} {
		for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
			t.Run(name+"/"+string(endpoint), func(t *testing.T) {
				s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
				s.Always(endpoint, tc.problem)
				_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
				problem(t, err, tc.key, tc.want, "(6 attempts)")
				assert.GreaterOrEqual(t, s.Count(endpoint), 6)
				// net/http itself repeats a GET, and no POST, if the connection that it had kept turns out closed.
				assert.LessOrEqual(t, s.Count(endpoint), map[infisicaltest.Endpoint]int{infisicaltest.Login: 6, infisicaltest.List: 7}[endpoint])
			})
		}
	}
}

// What will not pass is asked for once: a wrong secret is sent exactly once.
func TestRefusalsAreNotRetried(t *testing.T) {
	for name, tc := range map[string]struct {
		endpoint  infisicaltest.Endpoint
		problem   infisicaltest.Error
		key, want string
	}{
		"login 400": {infisicaltest.Login, infisicaltest.Raw(400, "application/json", `{"message":[{"code":"x"}]}`), "secrets.infisical", "status 400;"},
		"login 401": {
			infisicaltest.Login, infisicaltest.Refusal(401, "UnauthorizedError", "Invalid credentials"), "secrets.infisical",
			`refuses the credentials ("Invalid credentials"); check that INFISICAL_UNIVERSAL_AUTH_CLIENT_ID`,
		},
		"login 401 schema": {
			infisicaltest.Login, infisicaltest.Raw(401, "application/json", `{"error":"ValidationFailure","message":[]}`),
			"secrets.infisical", "refuses the log-in: status 401",
		},
		"login 403":       {infisicaltest.Login, infisicaltest.Refusal(403, "ForbiddenError", "IP"), "secrets.infisical", "allows no log-in from here"},
		"login 404":       {infisicaltest.Login, infisicaltest.Refusal(404, "NotFound", "No identity with specified client ID was found"), "secrets.infisical", "no machine identity"},
		"login 404 route": {infisicaltest.Login, infisicaltest.Refusal(404, "Not Found", "Route POST:/x not found"), "secrets.infisical.url", "no Infisical at this address"},
		"login 404 page":  {infisicaltest.Login, infisicaltest.Raw(404, "text/html", "<html>"), "secrets.infisical.url", "no Infisical at this address"},
		"login 422":       {infisicaltest.Login, infisicaltest.Raw(422, "application/json", `{"error":"ValidationFailure","message":[]}`), "secrets.infisical", "status 422"},
		"login 501":       {infisicaltest.Login, infisicaltest.Raw(501, "", ""), "secrets.infisical.url", "status 501"},
		"login expired":   {infisicaltest.Login, infisicaltest.Refusal(401, "UnauthorizedError", "Access denied due to expired client secret"), "secrets.infisical", "create a new client secret"},
		"login used up":   {infisicaltest.Login, infisicaltest.Refusal(401, "UnauthorizedError", "Access denied due to client secret usage limit reached"), "secrets.infisical", "as often as it may"},
		"login echoes":    {infisicaltest.Login, infisicaltest.Refusal(401, "x", "no "+infisicaltest.ClientSecret), "secrets.infisical", "refuses the credentials;"},
		"list 400":        {infisicaltest.List, infisicaltest.Refusal(400, "BadRequest", "Invalid secret path."), "secrets.infisical.path", `refuses folder "/backend": status 400 ("Invalid secret path.")`},
		"list 403":        {infisicaltest.List, infisicaltest.Refusal(403, "PermissionDenied", "no"), "secrets.infisical.environment", "may not read folder"},
		"list 404 env":    {infisicaltest.List, infisicaltest.Refusal(404, "NotFound", "Environment with slug 'x' not found"), "secrets.infisical.environment", "unknown to the project"},
		"list 404 route":  {infisicaltest.List, infisicaltest.Refusal(404, "Not Found", "Route GET:/x not found"), "secrets.infisical.url", "no Infisical at this address"},
		"list 404 page":   {infisicaltest.List, infisicaltest.Raw(404, "text/html", "<html>"), "secrets.infisical.url", "no Infisical at this address"},
		"list 422":        {infisicaltest.List, infisicaltest.Raw(422, "application/json", `{"error":"ValidationFailure","message":[]}`), "secrets.infisical.url", "status 422"},
		"list 401 schema": {infisicaltest.List, infisicaltest.Raw(401, "application/json", `{"error":"ValidationFailure","message":[]}`), "secrets.infisical.url", "status 401"},
		"list 304":        {infisicaltest.List, infisicaltest.Raw(304, "", ""), "secrets.infisical.url", "status 304"},
		"other folder":    {infisicaltest.List, infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"SECRET_KEY","secretValue":"v","secretPath":"/x"}]}`), "secrets.infisical.url", "of another folder"},
		"other environment": {
			infisicaltest.List, infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"SECRET_KEY","secretValue":"v","environment":"dev"}]}`),
			"secrets.infisical.url", "of another folder or environment",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
			s.Always(tc.endpoint, tc.problem)
			_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
			problem(t, err, tc.key, tc.want)
			assert.NotContains(t, err.Error(), "attempts")
			assert.Equal(t, 1, s.Count(tc.endpoint))
			assert.Equal(t, 1, s.Count(infisicaltest.Login))
		})
	}
}

// Three wrong log-ins lock an identity of a newer server: each reading is one.
func TestLockOut(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2025))
	wrong := env(EnvClientID, infisicaltest.ClientID, EnvClientSecret, "marked-wrong")
	for range 3 {
		_, err := read(context.Background(), "prod", settings(s), wanted(), wrong, quick)
		problem(t, err, "secrets.infisical", "refuses the credentials", "three wrong log-ins lock it")
	}
	_, err := ask(s)
	problem(t, err, "secrets.infisical", "locked out after too many wrong log-ins", "wait until the lock ends")
	assert.Equal(t, 4, s.Count(infisicaltest.Login))
	s.Advance(301 * time.Second)
	_, err = ask(s)
	require.NoError(t, err)
}

// What went wrong before the time was over says more than the time.
func TestSpentTimeKeepsTheCause(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	s.Script(infisicaltest.Login, infisicaltest.RedisDown(), infisicaltest.Hang(nil))
	c := settings(s)
	c.AttemptTimeout, c.Timeout = 20*time.Second, 3*time.Second
	_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
	problem(t, err, "secrets.infisical.url", "status 500", "(2 attempts)")
}

// Waits grow, are scattered, and keep to their bound.
func TestPatience(t *testing.T) {
	assert.Equal(t, pace{first: 500 * time.Millisecond, longest: 8 * time.Second, attempts: 6}, patience)
	different := map[time.Duration]bool{}
	for range 20 {
		waits := patience.waits()
		waits.Reset()
		for _, middle := range []time.Duration{500, 1000, 2000, 4000, 8000, 8000} {
			wait := waits.NextBackOff()
			assert.InDelta(t, middle*time.Millisecond, wait, float64(middle*time.Millisecond/2)+1)
			different[wait] = true
		}
	}
	assert.Greater(t, len(different), 50)
}

// The pace is kept to: three waits lie between four attempts.
func TestRetryWaits(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var at []time.Time
	failed := retry(ctx, pace{first: 4 * time.Millisecond, longest: 16 * time.Millisecond, attempts: 4}, func() *failure {
		at = append(at, time.Now())
		return &failure{kind: unreachable}
	})
	require.Equal(t, 4, failed.attempts)
	assert.GreaterOrEqual(t, at[1].Sub(at[0]), 2*time.Millisecond, "half of the first wait")
	assert.GreaterOrEqual(t, at[3].Sub(at[2]), 8*time.Millisecond, "half of the third")
}
