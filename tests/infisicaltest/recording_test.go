package infisicaltest

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recording is one exchange with a real server, or one that its source gives.
type recording struct {
	Note          string            `json:"note"`
	Method        string            `json:"method"`
	Path          string            `json:"path"`
	Query         map[string]string `json:"query"`
	Authorization string            `json:"authorization"`
	IfNoneMatch   bool              `json:"ifNoneMatch"`
	RequestBody   json.RawMessage   `json:"requestBody"`
	Status        int               `json:"status"` // 0: the connection was closed without an answer
	ContentType   string            `json:"contentType"`
	RetryAfter    string            `json:"retryAfter"`
	Body          any               `json:"body"`
}

func recordings(t *testing.T, file string) map[string]recording {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var all map[string]recording
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

// arranged is a server as it was when a case was recorded.
func arranged(t *testing.T, name string, tc recording, generation Generation) *Server {
	t.Helper()
	world := recordedWorld()
	world.Generation = generation
	if strings.HasPrefix(name, "edge-") || name == "list-expand-denied" {
		world.Projects[0].Folders = append(world.Projects[0].Folders, edges()...)
	}
	if generation == Generation2025 {
		world.Projects[0].Folders[1] = Folder{Environment: "prod", Path: "/infra", Secrets: []Secret{{
			ID: "11111111-1111-4111-8111-111111111111", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-cf-token-prod", Metadata: map[string]string{"owner": "test"},
		}}}
	}
	switch name {
	case "login-secret-expired":
		world.Identities[0].SecretExpired, world.Identities[0].ClientSecret = true, "wrong-secret-0000"
	case "login-secret-used-up":
		world.Identities[0].SecretUsedUp, world.Identities[0].ClientSecret = true, "wrong-secret-0000"
	}
	s := Start(t, world)
	hold(s)
	endpoint, _ := s.route(&http.Request{Method: tc.Method, URL: &url.URL{Path: tc.Path}})
	switch {
	case strings.HasPrefix(name, "db-hang"):
		s.Script(endpoint, Cut(0))
	case strings.HasPrefix(name, "db-down"):
		s.Script(endpoint, DatabaseDown(tc.Body.(map[string]any)["error"].(string)))
	case strings.HasPrefix(name, "redis-down"):
		s.Script(endpoint, RedisDown())
	case name == "rate-limited":
		s.Script(endpoint, TooMany(42))
	case strings.HasPrefix(name, "rate-limited"):
		s.Change(func(w *World) { w.ListsPerMinute = 40 })
		for range 40 {
			s.windows[List] = append(s.windows[List], time.Now())
		}
	case name == "login-lock-contention":
		s.Script(endpoint, LockContention())
	case name == "login-locked-out":
		for range lockAfter {
			s.failures[ClientID] = append(s.failures[ClientID], time.Now())
		}
	case name == "token-expired-ttl":
		s.Advance(9 * time.Second)
	case name == "renew-expired", name == "token-revoked":
		s.tokens["test-access-token-12"].revoked = true
		s.tokens["test-access-token-13"].revoked = true
	case name == "token-expired-jwt":
		s.Advance(3 * time.Hour)
	case name == "list-no-secret-permission":
		s.tokens["test-access-token-01"].identity = noneID
	}
	return s
}

func client(t *testing.T, s *Server) *http.Client {
	t.Helper()
	text, err := os.ReadFile(s.CAFile())
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// request is the recorded one, for this server.
func (tc recording) request(t *testing.T, s *Server, name string) *http.Request {
	t.Helper()
	query := url.Values{}
	for key, value := range tc.Query {
		query.Set(key, value)
	}
	address := s.URL() + tc.Path + "?" + query.Encode()
	if body, ok := tc.Body.(map[string]any); ok { // the message repeats the address as it was written
		if message, ok := body["message"].(string); ok && strings.HasPrefix(message, "Route ") {
			address = s.URL() + strings.TrimSuffix(strings.SplitN(message, ":", 2)[1], " not found")
		}
	}
	body := []byte(tc.RequestBody)
	if name == "login-bad-json" {
		require.NoError(t, json.Unmarshal(tc.RequestBody, new(string)))
		body = []byte("{not json")
	}
	request, err := http.NewRequest(tc.Method, address, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	authorization := tc.Authorization
	if name == "token-bad-signature" {
		authorization = "Bearer a.b.c" // the recording has a placeholder, which is no JWT
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	return request
}

// plain takes out what differs from server to server and from run to run.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			switch key {
			case "createdAt", "updatedAt", "date", "folderId", "accessToken", "reqId":
				value[key] = "differs"
			default:
				value[key] = plain(inner)
			}
		}
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
	}
	return value
}

// scripted errors do not number their requests.
func unnumbered(value any) any {
	if body, ok := value.(map[string]any); ok {
		delete(body, "reqId")
	}
	return value
}

func TestDoubleAnswersAsRecorded(t *testing.T) {
	for file, generation := range map[string]Generation{"testdata/recorded.json": Generation2024, "testdata/derived.json": Generation2025} {
		for name, tc := range recordings(t, file) {
			t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".json")+"/"+name, func(t *testing.T) {
				s := arranged(t, name, tc, generation)
				c := client(t, s)
				request := tc.request(t, s, name)
				if tc.IfNoneMatch {
					first, err := c.Do(request)
					require.NoError(t, err)
					require.NoError(t, first.Body.Close())
					request = tc.request(t, s, name)
					request.Header.Set("If-None-Match", first.Header.Get("Etag"))
				}
				response, err := c.Do(request)
				if tc.Status == 0 {
					require.ErrorIs(t, err, io.EOF)
					return
				}
				require.NoError(t, err)
				defer response.Body.Close()
				assert.Equal(t, tc.Status, response.StatusCode)
				if tc.Status != http.StatusNotModified { // where net/http leaves it out
					assert.Equal(t, tc.ContentType, response.Header.Get("Content-Type"))
				}
				assert.Equal(t, tc.RetryAfter == "", response.Header.Get("Retry-After") == "")
				text, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				if tc.Body == nil {
					assert.Empty(t, text)
					return
				}
				var got any
				require.NoError(t, json.Unmarshal(text, &got))
				if tc.Status >= http.StatusInternalServerError || tc.Status == http.StatusTooManyRequests {
					tc.Body, got = unnumbered(tc.Body), unnumbered(got)
				}
				assert.Equal(t, plain(tc.Body), plain(got))
			})
		}
	}
}
