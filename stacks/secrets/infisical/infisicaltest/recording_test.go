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

// The other identities of the recorded server.
const (
	strangerID = "6a38d468-00cc-4289-8f93-62cc29f62ba1" // in no project
	adminID    = "b0000000-0000-4000-8000-000000000001" // reads every environment
	briefID    = "b0000000-0000-4000-8000-000000000002" // tokens live for 8 s, and 20 s at most
	noneID     = "b0000000-0000-4000-8000-000000000003" // reads no secrets
)

// recordedWorld is what the recorded server held.
func recordedWorld() World {
	reader := []Grant{{Project: ProjectID, Environments: []string{"prod"}}}
	shared := Import{"prod", "/shared"}
	return World{
		Projects: []Project{{ID: ProjectID, Slug: ProjectSlug, Environments: []string{"dev", "staging", "prod"}, Folders: []Folder{
			{Environment: "prod", Path: "/", Secrets: []Secret{
				{ID: "c6a6745b-5274-459d-8e34-dc3faafa2f83", Key: "ROOT_TOKEN", Value: "made-up-root-token-prod"},
				{ID: "0f03909d-1057-4d28-a3ce-cb2d0ad50108", Key: "REF_EXAMPLE", Value: "host=${infra.database.DB_HOST};user=${infra.database.DB_USER}"},
			}},
			{Environment: "prod", Path: "/infra", Imports: []Import{shared}, Secrets: []Secret{
				{ID: "8755a5c0-74e7-475d-b614-3317a7bfe69b", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-cf-token-prod", Comment: "DNS token (test value)"},
				{ID: "d281e0b3-9609-40da-b5e6-b18ec017576b", Key: "EMPTY_VALUE"},
				{ID: "dabe7186-31ce-4db1-bd58-6f2044ecd0d9", Key: "MULTILINE_KEY", Value: "-----BEGIN TEST KEY-----\nbWFkZS11cA==\n-----END TEST KEY-----\n"},
				{ID: "31e94361-8379-404b-85b7-f76886373cd0", Key: "UNICODE_VALUE", Value: "žluťoučký kůň ✓ \"quoted\" \\back"},
				{ID: "2f46d21e-025b-4211-a8ee-31cc3edc7722", Key: "lower_case_key", Value: "made-up-lower"},
			}},
			{Environment: "prod", Path: "/infra/empty"},
			{Environment: "prod", Path: "/infra/database", Secrets: []Secret{
				{ID: "5fbcf5b3-4284-4133-b981-2383edbeb8da", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-duplicate-name-prod"},
				{ID: "af5df04b-61c0-411a-a91a-4679ddc31555", Key: "DB_HOST", Value: "db.prod.example.test"},
				{ID: "a007026f-3e21-498c-a669-392fbbc8937c", Key: "DB_PASSWORD", Value: "made-up-db-pass-prod"},
				{ID: "75ea2993-d391-48fe-84e9-3bbb59be9384", Key: "DB_USER", Value: "app"},
			}},
			{Environment: "prod", Path: "/shared", Secrets: []Secret{
				{ID: "6cf11cf6-79dd-4a69-9f1a-fc9cce65c55a", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-imported-same-name-prod"},
				{ID: "9022c556-60b7-44a9-9f09-5b570df33048", Key: "SHARED_ONLY", Value: "made-up-shared-prod"},
			}},
			{Environment: "dev", Path: "/infra/database", Secrets: []Secret{{Key: "DB_PASSWORD", Value: "made-up-db-pass-dev"}}},
			{Environment: "dev", Path: "/infra", Secrets: []Secret{{Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-cf-token-dev"}}},
		}}},
		Identities: []Identity{
			{ClientID: ClientID, ClientSecret: ClientSecret, Grants: reader},
			{ClientID: strangerID, ClientSecret: "s"},
			{ClientID: adminID, ClientSecret: "s", Grants: []Grant{{Project: ProjectID}}},
			{ClientID: briefID, ClientSecret: "s", Grants: reader, TokenTTL: 8 * time.Second, TokenMaxTTL: 20 * time.Second},
			{ClientID: noneID, ClientSecret: "s", Grants: []Grant{{Project: ProjectID, NoSecrets: true}}},
		},
	}
}

// edges are folders that the recorded server was given later.
func edges() []Folder {
	return []Folder{
		{Environment: "prod", Path: "/edge/ref-ok", Secrets: []Secret{
			{ID: "a4823162-9ea5-4c53-943b-44ec93474f9a", Key: "SPACES", Value: "padded value"},
			{ID: "a9e849e9-0fd9-4c08-898d-2db6a1d94af7", Key: "REF_OK", Value: "pass=${prod.infra.database.DB_PASSWORD}"},
			{ID: "d869c165-5e49-4762-be29-ee4f937cb832", Key: "TRAILING_NEWLINE", Value: "line\n"},
		}},
		{Environment: "prod", Path: "/edge/ref-denied", Secrets: []Secret{
			{ID: "73e074f5-f9fb-4bf3-8048-369cc628d711", Key: "REF_DENIED", Value: "pass=${dev.infra.database.DB_PASSWORD}"},
		}},
		{Environment: "prod", Path: "/edge/ref-missing", Secrets: []Secret{
			{ID: "8794ef73-0508-422b-a9f7-2abdab2bc2c2", Key: "REF_MISSING", Value: "x=${prod.infra.NO_SUCH_KEY}"},
			{ID: "3c34eece-2b8c-495b-92b0-466e00a9a69b", Key: "REF_MISSING2", Value: "x=${NO_SUCH_LOCAL}"},
		}},
		{Environment: "prod", Path: "/edge/import-denied", Imports: []Import{{"dev", "/infra/database"}}, Secrets: []Secret{
			{ID: "9c0cb5ea-b089-401d-8839-2477b8c6940e", Key: "OWN", Value: "own-value"},
		}},
		{Environment: "prod", Path: "/edge/two-imports", Imports: []Import{{"prod", "/shared"}, {"prod", "/infra/database"}}},
	}
}

// hold gives the server the tokens of the recordings, in the state that each
// was in.
func hold(s *Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, identity := range map[string]string{
		"test-access-token-07": strangerID, "test-access-token-08": adminID, "test-access-token-12": briefID,
		"test-access-token-13": ClientID, "test-access-token-15": briefID,
	} {
		s.accept(text, s.world.identity(identity))
	}
	for _, number := range []string{"01", "02", "03", "04", "05", "06", "09", "10", "11"} {
		s.accept("test-access-token-"+number, s.world.identity(ClientID))
	}
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

// scripted faults do not number their requests.
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
