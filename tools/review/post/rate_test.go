package post

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review/post/githubtest"
)

func TestRateLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		fault    githubtest.Fault
		from, to time.Duration // waited
	}{
		"secondary":                      {githubtest.Secondary(403, 7), 7 * time.Second, 7 * time.Second},
		"secondary, 429":                 {githubtest.Secondary(429, 7), 7 * time.Second, 7 * time.Second},
		"secondary without a time":       {githubtest.Secondary(403, 0), time.Minute, time.Minute},
		"primary":                        {githubtest.Primary(403, time.Now().Add(30*time.Second)), 20 * time.Second, 31 * time.Second},
		"primary, 429":                   {githubtest.Primary(429, time.Now().Add(30*time.Second)), 20 * time.Second, 31 * time.Second},
		"primary that is over":           {githubtest.Primary(403, time.Now().Add(-time.Minute)), time.Second, time.Second},
		"primary with a time of its own": {githubtest.Header("Retry-After", "5", githubtest.Primary(403, time.Now().Add(30*time.Second))), 5 * time.Second, 5 * time.Second},
		"429 of a proxy":                 {githubtest.Status(429, "slow down"), time.Minute, time.Minute},
		"403 with a time":                {githubtest.Header("Retry-After", "3", githubtest.Status(403, "slow down")), 3 * time.Second, 3 * time.Second},
		"a date":                         {githubtest.Header("Retry-After", time.Now().Add(30*time.Second).UTC().Format(http.TimeFormat), githubtest.Status(429, "x")), 20 * time.Second, 30 * time.Second},
		"zero":                           {githubtest.Header("Retry-After", "0", githubtest.Status(429, "x")), time.Second, time.Second},
		"nonsense":                       {githubtest.Header("Retry-After", "soon", githubtest.Status(429, "x")), time.Minute, time.Minute},
	} {
		for _, pattern := range []string{asking, listing, creating} {
			t.Run(name+" "+pattern, func(t *testing.T) {
				w := newWorld(t)
				w.Script(pattern, tc.fault)
				w.post(t, text("x"))
				require.Len(t, w.comments(), 1)
				require.Len(t, w.waited(), 1)
				assert.GreaterOrEqual(t, w.waited()[0], tc.from)
				assert.LessOrEqual(t, w.waited()[0], tc.to)
				assert.Contains(t, w.said(), "comment on edd/cloud#12: GitHub asks to wait ")
			})
		}
	}
}

// A wait that is too long is not begun.
func TestLongRateLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		fault  githubtest.Fault
		mutate func(*Options)
		want   string
	}{
		"an hour":             {githubtest.Primary(403, time.Now().Add(time.Hour)), nil, `GitHub's limit of requests an hour ("API rate limit exceeded for installation ID 12345678."), and it asks to wait 1h0m`},
		"longer than Wait":    {githubtest.Secondary(403, 61), nil, "and it asks to wait 1m1s; run the job again at "},
		"a shorter Wait":      {githubtest.Secondary(403, 11), func(o *Options) { o.Wait = 10 * time.Second }, "and it asks to wait 11s"},
		"longer than is left": {githubtest.Secondary(403, 50), func(o *Options) { o.Timeout = 40 * time.Second }, "and it asks to wait 50s"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if tc.mutate != nil {
				tc.mutate(&w.Options)
			}
			w.Script(listing, tc.fault)
			assert.Contains(t, w.refused(t, text("x")), tc.want)
			assert.Empty(t, w.waited())
			assert.Equal(t, 1, w.Count(listing))
		})
	}
}

func TestAttemptsAreScattered(t *testing.T) {
	w := newWorld(t)
	w.pace = patience
	w.Script(listing, githubtest.Times(4, githubtest.Page(502))...)
	w.post(t, text("x"))
	waited := w.waited()
	require.Len(t, waited, 4)
	for i, wait := range waited {
		middle := patience.first << i
		assert.GreaterOrEqual(t, wait, middle/2)
		assert.LessOrEqual(t, wait, middle*3/2+time.Nanosecond)
	}
}
