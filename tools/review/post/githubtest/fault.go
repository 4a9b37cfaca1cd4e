package githubtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"time"
)

// Fault answers a request in place of the API, which it can ask as well.
type Fault func(w http.ResponseWriter, r *http.Request, api http.HandlerFunc)

type script struct {
	pattern string
	faults  []Fault
}

// Script lets the requests that match a pattern fail, the first by the first
// fault and so on; a nil fault lets one pass. A pattern is a method and a path
// whose * stand for a part each: "POST /repos/*/*/issues/*/comments". A method
// alone matches all its requests.
func (s *Server) Script(pattern string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, &script{pattern: pattern, faults: faults})
}

func (s *Server) next(r *http.Request) Fault {
	for _, script := range s.scripts {
		if len(script.faults) > 0 && matches(script.pattern, r.Method, r.URL.Path) {
			fault := script.faults[0]
			script.faults = script.faults[1:]
			return fault
		}
	}
	return nil
}

func matches(pattern, method, address string) bool {
	wanted, where, named := strings.Cut(pattern, " ")
	if wanted != method {
		return false
	}
	found, err := path.Match(where, address)
	return !named || err == nil && found
}

// Times is a fault that repeats.
func Times(n int, fault Fault) []Fault {
	all := make([]Fault, n)
	for i := range all {
		all[i] = fault
	}
	return all
}

// Status refuses in the form of the API.
func Status(status int, message string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		refuse(w, status, message, "https://docs.github.com/rest")
	}
}

// Header adds a header to what another fault answers.
func Header(name, value string, fault Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		w.Header().Set(name, value)
		fault(w, r, api)
	}
}

// Page answers with a page of HTML, as proxies, portals and an overloaded
// GitHub do.
func Page(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign in</title>")
	}
}

// Primary is the limit of requests an hour, used up until a time.
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
func Primary(status int, reset time.Time) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("X-Ratelimit-Limit", "1000")
		h.Set("X-Ratelimit-Remaining", "0")
		h.Set("X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		h.Set("X-Ratelimit-Resource", "core")
		refuse(w, status, "API rate limit exceeded for installation ID 12345678.", "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api")
	}
}

// Secondary is the limit on bursts. GitHub does not always say how long to
// wait: 0 leaves the header out.
func Secondary(status, seconds int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("X-Ratelimit-Remaining", "4998")
		h.Set("X-Ratelimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)) // of the other limit
		if seconds > 0 {
			h.Set("Retry-After", strconv.Itoa(seconds))
		}
		refuse(w, status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
			"https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits")
	}
}

// Redirect leads elsewhere.
func Redirect(status int, to string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Location", to)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"message":"Moved Permanently","url":%q}`, to)
	}
}

// Raw answers with a text as JSON that may be none.
func Raw(status int, text string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// Cut ends the connection without an answer; nothing is done.
func Cut(http.ResponseWriter, *http.Request, http.HandlerFunc) { panic(http.ErrAbortHandler) }

// Lose does what is asked and ends the connection without an answer.
func Lose(_ http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
	api(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// Late does what is asked and answers that it was not done, as a gateway does
// that gave up waiting.
func Late(status int) Fault {
	return func(w http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		api(httptest.NewRecorder(), r)
		Page(status)(w, r, api)
	}
}

// Half answers what is asked and ends the connection in the middle.
func Half(w http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
	whole := httptest.NewRecorder()
	api(whole, r)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(whole.Code)
	_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
	panic(http.ErrAbortHandler)
}

// Hang answers nothing until the client or the test gives up.
func (s *Server) Hang(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
	select {
	case <-r.Context().Done():
	case <-s.ceased:
	}
	panic(http.ErrAbortHandler)
}

// Before does something, then lets the API answer: what happens between two
// requests of a client.
func Before(do func()) Fault {
	return func(w http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		do()
		api(w, r)
	}
}

// After lets the API answer, then does something before the client has the
// answer.
func After(do func()) Fault {
	return func(w http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		answer := httptest.NewRecorder()
		api(answer, r)
		do()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}
}
