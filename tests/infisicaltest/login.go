package infisicaltest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// How often and how fast a log-in may fail on servers of Generation2025, and
// for how long it is locked then: the server's defaults.
const (
	lockAfter  = 3
	lockWithin = 30 * time.Second
	lockFor    = 300 * time.Second
)

// login is universal auth.
func (s *Server) login(r *http.Request) reply {
	var asked struct {
		ClientID     *string `json:"clientId"`
		ClientSecret *string `json:"clientSecret"`
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil {
		return s.refuse(http.StatusInternalServerError, "InternalServerError", "Something went wrong")
	}
	for field, value := range map[string]*string{"clientId": asked.ClientID, "clientSecret": asked.ClientSecret} {
		if value == nil {
			return s.invalid(map[string]any{
				"code": "invalid_type", "expected": "string", "received": "undefined", "path": []string{field}, "message": "Required",
			})
		}
	}
	identity := s.world.identity(strings.TrimSpace(*asked.ClientID))
	if identity == nil && s.world.Generation == Generation2024 {
		return s.refuse(http.StatusNotFound, "NotFound", "No identity with specified client ID was found")
	}
	if message := s.wrong(identity, strings.TrimSpace(*asked.ClientSecret)); message != "" {
		return s.refuse(http.StatusUnauthorized, "UnauthorizedError", message)
	}
	return s.given(s.issue(identity), identity)
}

// wrong tells why an identity may not log in.
func (s *Server) wrong(identity *Identity, secret string) string {
	if identity == nil {
		return "Invalid credentials"
	}
	failed := s.failures[identity.ClientID]
	newer := s.world.Generation == Generation2025
	if newer && len(failed) >= lockAfter && s.now().Sub(failed[len(failed)-1]) < lockFor &&
		failed[len(failed)-1].Sub(failed[len(failed)-lockAfter]) <= lockWithin {
		return "This identity auth method is temporarily locked, please try again later"
	}
	switch {
	case secret != identity.ClientSecret:
		s.failures[identity.ClientID] = append(failed, s.now())
		return "Invalid credentials"
	case identity.SecretExpired:
		return "Access denied due to expired client secret"
	case identity.SecretUsedUp:
		return "Access denied due to client secret usage limit reached"
	}
	return ""
}

func (s *Server) given(text string, identity *Identity) reply {
	return reply{status: http.StatusOK, body: map[string]any{
		"accessToken": text, "tokenType": "Bearer",
		"expiresIn": int(identity.ttl().Seconds()), "accessTokenMaxTTL": int(identity.maxTTL().Seconds()),
	}}
}
