package infisicaltest

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call sends a request and gives status and body.
func call(t *testing.T, s *Server, method, path, token, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, s.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client(t, s).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

const listPath = "/api/v3/secrets/raw?workspaceId=" + ProjectID + "&environment=prod&secretPath=/a"

func login(secret string) string {
	return `{"clientId":"` + ClientID + `","clientSecret":"` + secret + `"}`
}

func TestWorldCanChange(t *testing.T) {
	s := Start(t, Simple("prod", map[string]string{"/a/NAME": "one"}))
	token := s.Issue(ClientID)
	status, body := call(t, s, http.MethodGet, listPath, token, "")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, body, `"secretValue":"one"`)
	s.Set("prod", "/a", "NAME", "two")
	s.Set("prod", "/a", "OTHER", "three")
	s.Set("prod", "/new", "NAME", "four")
	_, body = call(t, s, http.MethodGet, listPath, token, "")
	assert.NotContains(t, body, "one")
	assert.Contains(t, body, "two")
	assert.Contains(t, body, "three")
	assert.NotContains(t, body, "four")
	assert.Equal(t, []Request{{List, "prod", "/a", ""}, {List, "prod", "/a", ""}}, s.Requests())
}

// The lock-out of newer servers: three failures within 30 s lock for 300 s.
func TestLockOut(t *testing.T) {
	for generation, want := range map[Generation]int{Generation2024: http.StatusOK, Generation2025: http.StatusUnauthorized} {
		w := Simple("prod", nil)
		w.Generation = generation
		s := Start(t, w)
		for range lockAfter {
			status, _ := call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login("wrong"))
			assert.Equal(t, http.StatusUnauthorized, status)
		}
		status, _ := call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login(ClientSecret))
		assert.Equal(t, want, status)
		s.Advance(lockFor)
		status, _ = call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login(ClientSecret))
		assert.Equal(t, http.StatusOK, status)
		for range lockAfter {
			_, _ = call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login("wrong"))
			s.Advance(lockWithin)
		}
		status, _ = call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login(ClientSecret))
		assert.Equal(t, http.StatusOK, status, "slow failures lock nobody out")
	}
}

// A token is renewed within its TTL and ends with its maximum.
func TestTokenLife(t *testing.T) {
	w := Simple("prod", map[string]string{"/a/NAME": "one"})
	w.Identities[0].TokenTTL, w.Identities[0].TokenMaxTTL = 8*time.Second, 20*time.Second
	s := Start(t, w)
	token := s.Issue(ClientID)
	body := `{"accessToken":"` + token + `"}`
	for range 2 {
		s.Advance(7 * time.Second)
		status, _ := call(t, s, http.MethodPost, "/api/v1/auth/token/renew", "", body)
		assert.Equal(t, http.StatusOK, status)
	}
	s.Advance(7 * time.Second)
	status, text := call(t, s, http.MethodGet, listPath, token, "")
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, text, "Your token has expired")
	token = s.Issue(ClientID)
	s.Advance(9 * time.Second)
	_, text = call(t, s, http.MethodGet, listPath, token, "")
	assert.Contains(t, text, "due to TTL expiration")
	_, text = call(t, s, http.MethodPost, "/api/v1/auth/token/renew", "", `{"accessToken":"`+token+`"}`)
	assert.Contains(t, text, "No identity access token found", "the server has deleted it")
}

func TestRateLimitWindow(t *testing.T) {
	w := Simple("prod", map[string]string{"/a/NAME": "one"})
	w.ListsPerMinute, w.LoginsPerMinute = 2, 1
	s := Start(t, w)
	token := s.Issue(ClientID)
	for _, want := range []int{200, 200, 429, 429} {
		status, _ := call(t, s, http.MethodGet, listPath, token, "")
		assert.Equal(t, want, status)
	}
	for _, want := range []int{200, 429} {
		status, _ := call(t, s, http.MethodPost, "/api/v1/auth/universal-auth/login", "", login(ClientSecret))
		assert.Equal(t, want, status)
	}
	s.Advance(time.Minute)
	status, _ := call(t, s, http.MethodGet, listPath, token, "")
	assert.Equal(t, http.StatusOK, status)
}

func TestScripts(t *testing.T) {
	s := Start(t, Simple("prod", nil))
	s.Script(Status, RedisDown(), nil, BadGateway())
	s.Always(Status, Empty())
	for _, want := range []int{500, 200, 502, 200} {
		status, _ := call(t, s, http.MethodGet, "/api/status", "", "")
		assert.Equal(t, want, status)
	}
	s.Always(Status, nil)
	_, body := call(t, s, http.MethodGet, "/api/status", "", "")
	assert.Contains(t, body, `"message":"Ok"`)
	assert.Equal(t, 5, s.Count(Status))
}

// Without a test, a server is closed by hand, and takes its file with it.
func TestCloseLeavesNothing(t *testing.T) {
	s, err := New(Simple("prod", nil))
	require.NoError(t, err)
	hanging := make(chan struct{}, 1)
	s.Always(Status, Hang(hanging))
	ended := make(chan struct{})
	c := client(t, s)
	go func() {
		defer close(ended)
		if response, err := c.Get(s.URL() + "/api/status"); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-hanging
	s.Close()
	<-ended
	assert.NoFileExists(t, s.CAFile())
	_, err = os.Stat(s.folder)
	require.ErrorIs(t, err, os.ErrNotExist)
}
