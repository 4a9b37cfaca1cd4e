package infisical

import (
	"context"
	"net/http"
	"sync"

	"github.com/go-resty/resty/v2"
	auth "github.com/infisical/go-sdk/packages/api/auth"

	"platform/config"
)

// session is what the requests of one reading share.
type session struct {
	base        string // of the server, without /api
	wire        *wire
	credentials credentials
	settings    config.Infisical
	pace        pace

	mu       sync.Mutex
	token    string
	logins   int
	rejected *failure // of the second log-in
}

// client is what the SDK is given for one request: it has no retries of its
// own, keeps no cookies and prints nothing.
func (s *session) client(r *relay, token string) *resty.Client {
	client := resty.NewWithClient(&http.Client{Transport: r}).
		SetBaseURL(s.base+"/api").
		SetHeader("User-Agent", "infisical-go-sdk").
		SetLogger(silent{})
	if token != "" {
		client.SetAuthScheme("Bearer").SetAuthToken(token)
	}
	return client
}

// request sends one request of the SDK until it has an answer.
func (s *session) request(ctx context.Context, token string, shape func([]byte) bool, send func(*resty.Client) error) *failure {
	return retry(ctx, s.pace, func() *failure {
		r := &relay{ctx: ctx, transport: s.wire.transport, timeout: s.settings.AttemptTimeout, shape: shape}
		err := send(s.client(r, token))
		switch {
		case r.failure != nil:
			return r.failure
		case err != nil:
			return &failure{kind: notInfisical, json: true} // the SDK could not read what the relay let through
		}
		return nil
	})
}

// start has a token afterwards: the one given, or one of a log-in.
func (s *session) start(ctx context.Context) *failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.credentials.token != "" {
		s.token = s.credentials.token
		return nil
	}
	return s.login(ctx)
}

// login needs the lock.
func (s *session) login(ctx context.Context) *failure {
	s.logins++
	var answer auth.MachineIdentityAuthLoginResponse
	failed := s.request(ctx, "", isLogin, func(client *resty.Client) (err error) {
		answer, err = auth.CallUniversalAuthLogin(client, auth.UniversalAuthLoginRequest{
			ClientID: s.credentials.clientID, ClientSecret: s.credentials.clientSecret,
		})
		return err
	})
	if failed != nil {
		failed.login = true
		return failed
	}
	s.token = answer.AccessToken
	s.credentials.issued = append(s.credentials.issued, s.token)
	return nil
}

// silent is the logger of a client that has nothing to say: its lines hold
// addresses, and go to the standard error output.
type silent struct{}

// Errorf prints nothing.
func (silent) Errorf(string, ...any) {}

// Warnf prints nothing.
func (silent) Warnf(string, ...any) {}

// Debugf prints nothing.
func (silent) Debugf(string, ...any) {}
