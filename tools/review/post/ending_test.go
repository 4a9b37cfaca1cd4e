package post

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review/post/githubtest"
)

// A server that takes requests and answers none costs a bounded time.
func TestNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.Request = 20 * time.Millisecond
	w.Script(listing, githubtest.Times(50, w.Hang)...)
	said := w.refused(t, text("x"))
	assert.Contains(t, said, " gave no answer within 20ms (5 attempts); check that 127.0.0.1")

	w = newWorld(t)
	w.Request, w.Timeout = 10*time.Second, 100*time.Millisecond
	w.Script(creating, w.Hang)
	from := time.Now()
	said = w.refused(t, text("x"))
	assert.Less(t, time.Since(from), 5*time.Second)
	assert.Contains(t, said, "not done within 100ms; check")
	assert.Contains(t, said, "(the comment may have been written all the same; the next run finds it)")
}

// One that is cut off while a body is on its way ends by the same time.
func TestSlowBody(t *testing.T) {
	w := newWorld(t)
	w.Request = 30 * time.Millisecond
	w.Script(listing, func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte("["))
		rw.(http.Flusher).Flush()
		w.Hang(rw, r, api)
	})
	w.post(t, text("x"))
	assert.Equal(t, 3, w.Count(listing))
}

// Ctrl-C ends whatever is under way, at once and as what it is.
func TestEnded(t *testing.T) {
	for _, pattern := range []string{asking, listing, creating} {
		t.Run(pattern, func(t *testing.T) {
			w := newWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			w.Script(pattern, func(rw http.ResponseWriter, r *http.Request, api http.HandlerFunc) {
				cancel()
				w.Hang(rw, r, api)
			})
			from := time.Now()
			_, err := Post(ctx, w.Options, text("x"))
			require.ErrorIs(t, err, context.Canceled)
			assert.Less(t, time.Since(from), 3*time.Second)
			assert.Equal(t, pattern == creating, strings.Contains(err.Error(), "may have been written"))
			assert.Equal(t, 1, w.Count(pattern))
		})
	}
}

func TestEndedInAPause(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.pause = func(ctx context.Context, length time.Duration) error {
		cancel()
		return sleep(ctx, length)
	}
	w.Script(listing, githubtest.Secondary(403, 50))
	from := time.Now()
	_, err := Post(ctx, w.Options, text("x"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, time.Since(from), 3*time.Second)
	require.NoError(t, sleep(t.Context(), time.Microsecond))
}

func TestEndedBefore(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Post(ctx, w.Options, text("x"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, w.Requests())
}
