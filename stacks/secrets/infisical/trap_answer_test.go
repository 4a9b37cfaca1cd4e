package infisical

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 1: a 200 that is a page, empty, null or other JSON is an empty token to
// the SDK, or no secrets.
func TestTrap01AnswersThatAreNotInfisicals(t *testing.T) {
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		for name, tc := range map[string]struct {
			problem infisicaltest.Error
			want    string
		}{
			"page":          {infisicaltest.HTML(), "a page that is not JSON"},
			"empty":         {infisicaltest.Empty(), "a page that is not JSON"},
			"empty json":    {infisicaltest.Raw(200, "application/json", ""), "JSON that is not Infisical's"},
			"null":          {infisicaltest.Null(), "JSON that is not Infisical's"},
			"other":         {infisicaltest.Other(), "JSON that is not Infisical's"},
			"truncated":     {infisicaltest.Truncated(), "JSON that is not Infisical's"},
			"array":         {infisicaltest.Raw(200, "application/json", "[]"), "JSON that is not Infisical's"},
			"null fields":   {infisicaltest.Raw(200, "application/json", `{"accessToken":null,"secrets":null}`), "JSON that is not Infisical's"},
			"empty token":   {infisicaltest.Raw(200, "application/json", `{"accessToken":"","secrets":[{}]}`), "JSON that is not Infisical's"},
			"nameless":      {infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretValue":"marked-v"}]}`), "JSON that is not Infisical's"},
			"valueless":     {infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"SECRET_KEY"}]}`), "JSON that is not Infisical's"},
			"mistyped":      {infisicaltest.Raw(200, "application/json", `{"accessToken":1,"secrets":{}}`), "JSON that is not Infisical's"},
			"json as text":  {infisicaltest.Raw(200, "text/plain", `{"accessToken":"a.b.c","secrets":[]}`), "a page that is not JSON"},
			"too long":      {infisicaltest.Long(maxAnswer), "longer than 16 MiB"},
			"other success": {infisicaltest.Raw(204, "", ""), "status 204"},
		} {
			t.Run(string(endpoint)+"/"+name, func(t *testing.T) {
				s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
				s.Always(endpoint, tc.problem)
				_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
				problems := problemsOf(t, err)
				require.Len(t, problems, 1)
				assert.Contains(t, problems[0].Error(), tc.want)
				assert.Equal(t, 1, s.Count(endpoint), "no such answer passes")
			})
		}
	}
}

// Trap 11: redirects are followed, and turn the POST of a log-in into a GET.
func TestTrap11Redirects(t *testing.T) {
	elsewhere := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		for _, status := range []int{300, 301, 302, 303, 307, 308} {
			s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
			s.Always(endpoint, infisicaltest.Redirect(status, elsewhere.URL()+"/login?state=marked-state"))
			_, err := ask(s)
			problem(t, err, "secrets.infisical.url", "answers with a redirect to "+elsewhere.URL()+",")
			assert.LessOrEqual(t, s.Count(endpoint), 2, "one for each folder at most")
			s.Always(endpoint, infisicaltest.Redirect(status, "/login"))
			_, err = ask(s)
			problem(t, err, "secrets.infisical.url", "answers with a redirect to "+s.URL()+",")
			s.Always(endpoint, infisicaltest.Redirect(status, ""))
			_, err = ask(s)
			problem(t, err, "secrets.infisical.url", "a redirect that leads nowhere")
			s.Always(endpoint, infisicaltest.Redirect(status, "http://%zz"))
			_, err = ask(s)
			problem(t, err, "secrets.infisical.url", "a redirect that leads nowhere")
		}
	}
	assert.Empty(t, elsewhere.Requests())
}

// Trap 12: a cache answers even after the token has become invalid.
func TestTrap12NoCache(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, value := range []string{"first", "second"} {
		s.Set("prod", "/redis", "password", value)
		result, err := ask(s)
		require.NoError(t, err)
		assert.Equal(t, value, result.Values["redis-auth/password"].Reveal())
	}
	assert.Equal(t, 4, s.Count(infisicaltest.List))
}
