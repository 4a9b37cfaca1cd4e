package infisicaltest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// limited counts requests in windows of a minute that begin with the first.
func (s *Server) limited(endpoint Endpoint, limit int, answer func() reply) reply {
	if limit == 0 {
		return answer()
	}
	now := s.now()
	window := s.windows[endpoint]
	if len(window) > 0 && now.Sub(window[0]) >= time.Minute {
		window = nil
	}
	window = append(window, now)
	s.windows[endpoint] = window
	reset := int((time.Minute - now.Sub(window[0]) + time.Second - 1) / time.Second)
	left := max(0, limit-len(window))
	var r reply
	if len(window) > limit {
		r = s.tooMany(reset)
	} else {
		r = answer()
	}
	return r.with("x-ratelimit-limit", strconv.Itoa(limit)).
		with("x-ratelimit-remaining", strconv.Itoa(left)).
		with("x-ratelimit-reset", strconv.Itoa(reset))
}

// tooMany is the answer of the rate limiter.
func (s *Server) tooMany(seconds int) reply {
	wait := "1 minute" // whatever is left of it
	if s.world.Generation == Generation2025 {
		wait = fmt.Sprintf("%d seconds", seconds)
	}
	return s.refuse(http.StatusTooManyRequests, "RateLimitExceeded", "Rate limit exceeded. Please try again in "+wait).
		with("Retry-After", strconv.Itoa(seconds))
}
