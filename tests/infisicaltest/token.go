package infisicaltest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// token is one access token that was given out.
type token struct {
	identity string // client ID
	ttl      time.Duration
	expires  time.Time // after which it must have been renewed
	ends     time.Time // after which its JWT is invalid
	revoked  bool
}

// Issue gives an identity an access token without a log-in.
func (s *Server) Issue(clientID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(s.world.identity(clientID))
}

// issue needs the lock. Tokens have the form of JWTs, since the server tells a
// text of another form from one with a wrong signature.
func (s *Server) issue(identity *Identity) string {
	s.issued++
	encode := base64.RawURLEncoding.EncodeToString
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(fmt.Appendf(nil, `{"n":%d}`, s.issued))
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, text) // never fails
	text += "." + encode(mac.Sum(nil))
	s.accept(text, identity)
	return text
}

func (s *Server) accept(text string, identity *Identity) {
	t := &token{identity: identity.ClientID, ttl: identity.ttl()}
	t.expires, t.ends = s.now().Add(t.ttl), s.now().Add(identity.maxTTL())
	s.tokens[text] = t
}

func (i *Identity) ttl() time.Duration {
	if i.TokenTTL == 0 {
		return time.Hour
	}
	return i.TokenTTL
}

func (i *Identity) maxTTL() time.Duration {
	if i.TokenMaxTTL == 0 {
		return 2 * time.Hour
	}
	return i.TokenMaxTTL
}

// authenticate tells who asks.
func (s *Server) authenticate(r *http.Request) (*Identity, *reply) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if text == "" || !strings.EqualFold(scheme, "bearer") {
		refused := s.refuse(http.StatusUnauthorized, "UnauthorizedError", "Token missing")
		return nil, &refused
	}
	return s.holder(text)
}

// holder is the identity that a token was given to.
func (s *Server) holder(text string) (*Identity, *reply) {
	t, known := s.tokens[text]
	var refused reply
	switch {
	case !known && strings.Count(text, ".") != 2:
		refused = s.refuse(http.StatusForbidden, "TokenError",
			"The provided access token is malformed. Please use a valid token or generate a new one and try again.")
	case !known:
		refused = s.refuse(http.StatusForbidden, "TokenError", "invalid signature")
	case s.now().After(t.ends):
		refused = s.refuse(http.StatusForbidden, "TokenError", "Your token has expired. Please re-authenticate.")
	case t.revoked:
		refused = s.refuse(http.StatusUnauthorized, "UnauthorizedError", "No identity access token found")
	case s.now().After(t.expires):
		t.revoked = true // the server deletes it when it meets it
		refused = s.refuse(http.StatusUnauthorized, "UnauthorizedError", "Failed to renew MI access token due to TTL expiration")
	default:
		return s.world.identity(t.identity), nil
	}
	return nil, &refused
}

func (s *Server) renew(r *http.Request) reply {
	text := tokenOf(r)
	identity, refused := s.holder(text)
	if refused != nil {
		return *refused
	}
	s.tokens[text].expires = s.now().Add(s.tokens[text].ttl)
	return s.given(text, identity)
}

func (s *Server) revoke(r *http.Request) reply {
	text := tokenOf(r)
	if _, refused := s.holder(text); refused != nil {
		return *refused
	}
	s.tokens[text].revoked = true
	return reply{status: http.StatusOK, body: map[string]any{"message": "Successfully revoked access token"}}
}

// tokenOf is the token in a request's body.
func tokenOf(r *http.Request) string {
	var asked struct {
		AccessToken string `json:"accessToken"`
	}
	_ = json.NewDecoder(r.Body).Decode(&asked) // an empty one is refused
	return asked.AccessToken
}
