package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// loginCookie carries the state of a login, signed with SECRET_KEY.
const loginCookie = "login_state"

// sign adds a signature to a text; verify reports whether it is right.
func sign(text string) string {
	sum := hmac.New(sha256.New, []byte(os.Getenv("SECRET_KEY")))
	sum.Write([]byte(text))
	return text + "." + hex.EncodeToString(sum.Sum(nil))
}

func verify(signed string) bool {
	text, _, found := strings.Cut(signed, ".")
	return found && hmac.Equal([]byte(sign(text)), []byte(signed))
}

// login sends the browser to the identity provider, and back to this host.
func login(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // secure unless the variable says that there is no TLS
		Name: loginCookie, Value: sign(state), Path: "/", MaxAge: 600, HttpOnly: true,
		Secure: !isFalse("COOKIE_SECURE"), SameSite: http.SameSiteLaxMode,
	})
	query := url.Values{
		"response_type": {"code"}, "scope": {"openid profile email"}, "state": {state},
		"client_id":    {os.Getenv("OAUTH_CLIENT_ID")},
		"redirect_uri": {os.Getenv("FRONTEND_URL") + "/api/v1/auth/callback"},
	}
	issuer := strings.TrimSuffix(os.Getenv("OAUTH_ISSUER_URL"), "/")
	http.Redirect(w, r, issuer+"/authorize?"+query.Encode(), http.StatusFound)
}

// callback takes the browser back if it carries the state that it left with.
// The code is not changed for a token: that is the identity provider's part.
func callback(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(loginCookie)
	if err != nil || !verify(cookie.Value) || !strings.HasPrefix(cookie.Value, r.URL.Query().Get("state")+".") {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "the state is not the one of this browser's login"})
		return
	}
	http.Redirect(w, r, os.Getenv("FRONTEND_URL")+"/", http.StatusFound)
}

// session reports whether a cookie is one that this backend has signed.
func session(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(loginCookie)
	if err != nil || !verify(cookie.Value) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "no cookie of this backend"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]bool{"signed": true})
}
