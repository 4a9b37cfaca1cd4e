package post

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/google/go-github/v89/github"
)

// kind is why a request did not do what it was to do.
type kind int

const (
	unreachable kind = iota // refused, reset, closed: the network, for any reason but those below
	unknownHost             // the name does not resolve
	distrust                // TLS
	slow                    // no answer within the time for one request
	spent                   // no time is left for all
	ended                   // the caller ended it
	refused                 // a status of 400 to 499 that is none of those below
	gone                    // what is asked of is not there: 404, 410
	limited                 // a rate limit
	broken                  // a status from 500 on
	redirected
	foreign  // not an answer of GitHub's API
	unclear  // JSON that ends early, or is another than asked for
	oversize // longer than any answer
	nameless // nobody's token
	circular // a list whose pages lead back
	ignored  // GitHub says yes and keeps what was there
)

// failure is one request that failed. It is short as an error: what people read
// is made of its fields.
type failure struct {
	kind     kind
	action   action
	status   int
	message  string   // GitHub's
	details  []string // of what GitHub refuses to store
	accepted string   // permissions that would do, as GitHub names them
	cause    error
	wait     time.Duration // that GitHub asks for, or advises
	primary  bool          // the limit is that of an hour
	late     bool          // the wait is longer than may be waited
	lost     bool          // nobody knows whether it was done all the same
	attempts uint
}

// errEmpty is an answer without what was asked for. It would pass for a list
// without entries, or for a write that was done.
var errEmpty = errors.New("the answer is empty")

func present(there bool, err error) error {
	if err == nil && !there {
		return errEmpty
	}
	return err
}

// passing tells whether a failure may be another time's success.
func (f *failure) passing() bool {
	switch f.kind {
	case unreachable, slow, broken, unclear, limited:
		return true
	default:
		return false
	}
}

// judge says what an error of go-github means.
func (c *client) judge(ctx context.Context, a action, response *github.Response, err error) *failure {
	f := &failure{action: a, cause: err}
	if response != nil && response.Response != nil {
		f.status = response.StatusCode
		f.accepted = response.Header.Get("X-Accepted-Github-Permissions")
	}
	switch {
	case c.caller.Err() != nil:
		f.kind = ended
	case ctx.Err() != nil:
		f.kind = spent
	case f.status >= 400:
		f.refusal(response.Response, err)
	default:
		f.network(err)
	}
	switch f.kind {
	case unreachable, slow, broken, unclear, oversize, spent, ended:
		var at *net.OpError
		f.lost = !errors.As(err, &at) || at.Op != "dial" && at.Op != "proxyconnect" // nothing was sent before
	default: // GitHub says that it was not done, or it was not sent
	}
	return f
}

// refusal reads an answer that is an error.
func (f *failure) refusal(response *http.Response, err error) {
	var primary *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	var other *github.ErrorResponse
	switch {
	case errors.As(err, &primary):
		f.message, f.primary = primary.Message, true
	case errors.As(err, &secondary):
		f.message = secondary.Message
	case errors.As(err, &other):
		f.message = other.Message
		for _, one := range other.Errors {
			f.details = append(f.details, one.Message)
		}
	}
	headed := response.Header.Get("Retry-After") != ""
	switch {
	case f.status >= http.StatusInternalServerError:
		f.kind = broken
	case primary != nil, secondary != nil, f.status == http.StatusTooManyRequests, f.status == http.StatusForbidden && headed:
		f.kind, f.wait = limited, pauseAsked(response.Header, time.Now(), f.primary)
	case f.status == http.StatusNotFound, f.status == http.StatusGone:
		f.kind = gone
	default:
		f.kind = refused
	}
}

// pauseAsked is how long GitHub asks to wait: what it names, until its limit
// begins anew, or a minute
// (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately).
func pauseAsked(header http.Header, now time.Time, primary bool) time.Duration {
	after := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil {
		return max(time.Duration(seconds)*time.Second, time.Second)
	}
	if date, err := http.ParseTime(after); err == nil {
		return max(date.Sub(now), time.Second)
	}
	if reset, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64); err == nil && primary {
		return max(time.Unix(reset, 0).Sub(now)+time.Second, time.Second) // its clock has seconds only
	}
	return time.Minute
}

// network reads an error without an answer, or with half of one.
func (f *failure) network(err error) {
	var (
		dns       *net.DNSError
		untrusted *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		away      *elsewhere
		alien     *strange
		timeout   net.Error
		syntax    *json.SyntaxError
		mistyped  *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &away):
		f.kind = redirected
	case errors.As(err, &alien):
		f.kind = foreign
	case errors.Is(err, errTooLarge):
		f.kind = oversize
	case errors.As(err, &dns) && dns.IsNotFound:
		f.kind = unknownHost
	case errors.As(err, &untrusted), errors.As(err, &authority), errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		f.kind = distrust
	case errors.As(err, &timeout) && timeout.Timeout():
		f.kind = slow
	case errors.Is(err, errEmpty), errors.As(err, &syntax), errors.As(err, &mistyped):
		f.kind = unclear
	default:
		f.kind = unreachable
	}
}
