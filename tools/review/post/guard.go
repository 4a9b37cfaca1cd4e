package post

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// maxAnswer is the most that is read of an answer, in bytes: a page of 100 of
// the longest comments, each letter of which JSON may write as six.
const maxAnswer = perPage * Stored * 6

var errTooLarge = errors.New("the answer is longer than any of GitHub's")

// strange is an answer that is not of GitHub's API.
type strange struct {
	status int
	kind   string // media type
}

func (s *strange) Error() string { return fmt.Sprintf("status %d with %s", s.status, s.kind) }

// elsewhere is a redirect that is not followed.
type elsewhere struct {
	host   string // scheme and host; empty where the host is the same
	method string
}

func (e *elsewhere) Error() string { return "redirect to " + e.host }

// redirect follows GitHub within its host, as repositories that were renamed
// need it. The token goes with every request, so none is sent to another host.
// A redirect that would turn a write into a question is not followed either:
// the answer to the question would pass for the write's.
func redirect(next *http.Request, before []*http.Request) error {
	first := before[0]
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return &elsewhere{host: next.URL.Scheme + "://" + next.URL.Host, method: first.Method}
	case next.Method != first.Method:
		return &elsewhere{method: first.Method}
	case len(before) >= 10:
		return &elsewhere{method: first.Method}
	}
	return nil
}

// guard lets through what GitHub's API may have answered. Faults of the server
// pass in any form. The time for one request runs until its answer is read.
type guard struct {
	next  http.RoundTripper
	limit time.Duration
}

func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(request.Context(), g.limit)
	response, err := g.next.RoundTrip(request.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	redirects := response.StatusCode >= 300 && response.StatusCode < 400
	empty := response.StatusCode == http.StatusNoContent || response.StatusCode >= 400 && response.ContentLength == 0
	if response.StatusCode < 500 && !redirects && !empty && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		_ = response.Body.Close() // it is not read
		cancel()
		if kind == "" {
			kind = "no content type"
		}
		return nil, &strange{status: response.StatusCode, kind: kind}
	}
	response.Body = &bounded{ReadCloser: response.Body, left: maxAnswer, end: cancel}
	return response, nil
}

// bounded ends a reading with an error where an answer goes on and on. Its end
// is that of the reading: go-github reads refusals whole and does not close them.
type bounded struct {
	io.ReadCloser
	left int
	end  context.CancelFunc
}

func (b *bounded) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if len(into) > b.left {
		into = into[:b.left]
	}
	n, err := b.ReadCloser.Read(into)
	b.left -= n
	if err != nil {
		b.end()
	}
	return n, err
}

func (b *bounded) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
