package infisicaltest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// reply is one answer in JSON.
type reply struct {
	status int
	body   any
	header map[string]string
}

func (r reply) with(name, value string) reply {
	header := map[string]string{name: value}
	for k, v := range r.header {
		header[k] = v
	}
	r.header = header
	return r
}

// write also answers If-None-Match, as the server does for every endpoint.
func (r reply) write(w http.ResponseWriter, request *http.Request) {
	text, err := json.Marshal(r.body)
	if err != nil {
		panic(err) // texts, numbers and maps of them
	}
	sum := sha256.Sum256(text)
	etag := `"` + base64.StdEncoding.EncodeToString(sum[:20]) + `"`
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Etag", etag)
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	if request.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(text)
}

// refuse is an error of the API. It needs the lock.
func (s *Server) refuse(status int, code string, message any) reply {
	body := map[string]any{"statusCode": status, "error": code, "message": message}
	if s.world.Generation == Generation2025 {
		s.issued++
		body["reqId"] = fmt.Sprintf("req-%014d", s.issued)
	}
	return reply{status: status, body: body}
}

// denied is a refusal for want of a permission.
func (s *Server) denied() reply {
	if s.world.Generation == Generation2024 {
		return s.refuse(http.StatusForbidden, "PermissionDenied", "You are not allowed to read on secrets")
	}
	return s.detailed(s.refuse(http.StatusForbidden, "PermissionDenied", "You are not allowed to describeSecret on secrets"), []string{})
}

func (*Server) detailed(r reply, details []string) reply {
	body := r.body.(map[string]any)
	body["details"] = details
	return r
}

// invalid is a violation of a request's schema.
func (s *Server) invalid(violation map[string]any) reply {
	status := http.StatusUnauthorized
	if s.world.Generation == Generation2025 {
		status = http.StatusUnprocessableEntity
	}
	return s.refuse(status, "ValidationFailure", []any{violation})
}

// stamp is a time as the API writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
