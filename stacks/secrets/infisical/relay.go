package infisical

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The longest bodies that are read. A list of a thousand values of 1 KiB has
// some 2 MiB.
const (
	maxAnswer  = 16 << 20
	maxRefusal = 64 << 10
)

// errAttempt is the cause of a context whose time for one request is over.
var errAttempt = errors.New("the time for one request is over")

// relay carries one request of the SDK to the server and gives the SDK only
// an answer that it can read: status 200, JSON, of the shape that is expected.
// Everything else ends here as a failure, because the SDK takes many of them
// for an answer without secrets, and passes the others on without their cause.
type relay struct {
	ctx       context.Context // of this reading: the SDK passes none
	transport http.RoundTripper
	timeout   time.Duration
	shape     func(body []byte) bool

	failure *failure
}

// RoundTrip sends the request once.
func (r *relay) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(r.ctx, r.timeout, errAttempt)
	defer cancel()
	response, body, failed := r.exchange(request.Clone(ctx))
	if failed != nil {
		r.failure = failed
		return nil, failed
	}
	response.Request = request
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return response, nil
}

func (r *relay) exchange(request *http.Request) (*http.Response, []byte, *failure) {
	response, err := r.transport.RoundTrip(request)
	if err != nil {
		return nil, nil, transportFailure(request.Context(), err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 == 3 && response.StatusCode != http.StatusNotModified {
		return nil, nil, redirected(request.URL, response.Header.Get("Location"))
	}
	limit := int64(maxRefusal)
	if response.StatusCode == http.StatusOK {
		limit = maxAnswer
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if response.StatusCode != http.StatusOK {
		return nil, nil, refusal(response, body) // however much of it came
	}
	if err != nil {
		return nil, nil, transportFailure(request.Context(), err)
	}
	if int64(len(body)) > limit {
		return nil, nil, &failure{kind: tooLarge}
	}
	if !isJSON(response.Header) || !r.shape(body) {
		return nil, nil, &failure{kind: notInfisical, json: isJSON(response.Header)}
	}
	return response, body, nil
}

// isJSON looks at the content type alone.
func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// redirected names the host that a redirect leads to, and nothing more of it:
// addresses of log-in pages carry state.
func redirected(from *url.URL, location string) *failure {
	to, err := from.Parse(location)
	if location == "" || err != nil {
		return &failure{kind: redirect}
	}
	return &failure{kind: redirect, host: to.Scheme + "://" + to.Host}
}

// refusal keeps what an answer other than 200 says.
func refusal(response *http.Response, body []byte) *failure {
	f := &failure{kind: refused, status: response.StatusCode, wait: retryAfter(response.Header, time.Now())}
	if !isJSON(response.Header) {
		return f
	}
	var said struct {
		Error   string          `json:"error"`
		Message json.RawMessage `json:"message"` // a list where a field is wrong
		Details json.RawMessage `json:"details"` // texts, or rules of the role
	}
	if json.Unmarshal(body, &said) != nil {
		return f
	}
	f.code = said.Error
	_ = json.Unmarshal(said.Message, &f.message)
	_ = json.Unmarshal(said.Details, &f.details)
	return f
}

// retryAfter reads both forms of the header (RFC 9110, section 10.2.3): seconds
// and a date. Zero means that the server asks for no wait.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil && date.After(now) {
		return date.Sub(now)
	}
	return 0
}
