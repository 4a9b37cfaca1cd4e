package infisicaltest

import (
	"fmt"
	"net/http"
	"strings"
)

// Error is one misbehaviour. answer is what the server would have said.
type Error func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc)

// Script has the next requests to an endpoint answered by errors, one each.
// nil lets one through.
func (s *Server) Script(endpoint Endpoint, problems ...Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[endpoint] = append(s.scripts[endpoint], problems...)
}

// Always has every request to an endpoint answered by an error, once its script
// is over; nil ends that.
func (s *Server) Always(endpoint Endpoint, problem Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always[endpoint] = problem
}

// next needs the lock.
func (s *Server) next(endpoint Endpoint) Error {
	if script := s.scripts[endpoint]; len(script) > 0 {
		s.scripts[endpoint] = script[1:]
		return script[0]
	}
	return s.always[endpoint]
}

// Times is an error several times, for [Server.Script].
func Times(count int, problem Error) []Error {
	problems := make([]Error, count)
	for i := range problems {
		problems[i] = problem
	}
	return problems
}

// Raw answers with a body of any kind. Header lines are name and value in turn.
func Raw(status int, contentType, body string, header ...string) Error {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header()["Content-Type"] = nil // no guess where none is given
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

const jsonType = "application/json; charset=utf-8"

// Refusal answers as the API refuses.
func Refusal(status int, code, message string, header ...string) Error {
	return Raw(status, jsonType, fmt.Sprintf(`{"statusCode":%d,"error":%q,"message":%q}`, status, code, message), header...)
}

// TooMany is status 429 with Retry-After, in seconds.
func TooMany(seconds int) Error {
	return Refusal(http.StatusTooManyRequests, "RateLimitExceeded",
		fmt.Sprintf("Rate limit exceeded. Please try again in %d seconds", seconds), "Retry-After", fmt.Sprint(seconds))
}

// LockContention is status 429 as log-ins beside each other get it: without
// Retry-After.
func LockContention() Error {
	return Refusal(http.StatusTooManyRequests, "RateLimitExceeded", "Failed to acquire lock: rate limit exceeded")
}

// DatabaseDown is how a server without its database answers: code names the
// failing query.
func DatabaseDown(code string) Error {
	return Refusal(http.StatusInternalServerError, code, "Something went wrong")
}

// RedisDown is how a server without its Redis answers.
func RedisDown() Error { return DatabaseDown("InternalServerError") }

// BadGateway is a proxy that does not reach the server: a page, not JSON.
func BadGateway() Error {
	return Raw(http.StatusBadGateway, "text/html", "<html>502 Bad Gateway</html>")
}

// HTML is a log-in page in the server's place.
func HTML() Error { return Raw(http.StatusOK, "text/html", "<html>login page</html>") }

// Empty is status 200 without a body.
func Empty() Error { return Raw(http.StatusOK, "", "") }

// Null is status 200 with the JSON value null.
func Null() Error { return Raw(http.StatusOK, jsonType, "null") }

// Other is status 200 with JSON that is not Infisical's.
func Other() Error { return Raw(http.StatusOK, jsonType, `{"hello":"world"}`) }

// Truncated is status 200 with JSON that breaks off.
func Truncated() Error {
	return Raw(http.StatusOK, jsonType, `{"accessToken":"abc","secrets":[{"secretKey":"A"`)
}

// Long is status 200 with more JSON than anybody wants.
func Long(bytes int) Error {
	return Raw(http.StatusOK, jsonType, `{"accessToken":"`+strings.Repeat("a", bytes)+`"}`)
}

// Redirect leads elsewhere.
func Redirect(status int, location string) Error {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		if location != "" {
			w.Header().Set("Location", location)
		}
		w.WriteHeader(status)
	}
}
