package infisical

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// kind is why a request gave no usable answer.
type kind int

const (
	unreachable  kind = iota // refused, reset, closed: the network, for any reason but those below
	unknownHost              // the name does not resolve
	distrust                 // TLS: certificate, version, or none spoken at all
	slow                     // no answer within the time for one request
	spent                    // no answer within the time for all
	refused                  // any status but 200 and redirects
	redirect                 // a status that leads elsewhere
	notInfisical             // 200, and not what Infisical answers
	tooLarge                 // 200, and more than anybody keeps
	misplaced                // a list, but of another folder or environment
)

// failure is one request without a usable answer. As an error it is short: the
// errors that people read are made from its fields.
type failure struct {
	kind  kind
	cause error // of the network or of TLS
	login bool  // the request was a log-in

	status  int
	code    string        // the field error of the body
	message string        // the field message, where it is a text
	details []string      // the field details, where it is texts
	wait    time.Duration // Retry-After
	late    bool          // the wait would end after the time for all requests
	json    bool          // the content type was JSON
	host    string        // scheme and host that a redirect leads to

	attempts int // with the last one
}

func (f *failure) Error() string { return "no usable answer from Infisical" }

// passing reports whether the same request may succeed a little later. A refused
// credential never does, and each try counts towards a lock-out.
func (f *failure) passing() bool {
	switch f.kind {
	case unreachable, slow:
		return true
	case refused:
		return slices.Contains([]int{
			http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		}, f.status)
	default:
		return false
	}
}

// local reports whether a failed list says something about its folder alone, so
// that the other folders are worth asking for.
func (f *failure) local() bool {
	if f.kind != refused || f.login {
		return f.kind == misplaced
	}
	switch f.status {
	case http.StatusForbidden:
		return !f.token() && !f.stranger()
	case http.StatusNotFound:
		return !f.route() && !strings.HasPrefix(f.message, "Project")
	case http.StatusBadRequest:
		return true
	}
	return false
}

// token reports whether the access token is refused, as one that has expired is:
// with 401, or with 403 and nothing that a permission explains.
func (f *failure) token() bool {
	permission := f.code == "PermissionDenied" || f.code == "ForbiddenError"
	return f.kind == refused && (f.status == http.StatusUnauthorized && f.code != "ValidationFailure" ||
		f.status == http.StatusForbidden && !permission && !f.stranger())
}

// stranger reports whether the identity is not in the project.
func (f *failure) stranger() bool {
	return strings.Contains(f.code, "not a member") || strings.Contains(f.message, "not a member") ||
		f.message == "You are not allowed to access this resource"
}

// route reports whether the server does not know the address: a 404 that no
// Infisical gives for what it keeps.
func (f *failure) route() bool {
	return f.status == http.StatusNotFound && (f.message == "" || strings.HasPrefix(f.message, "Route "))
}

// transportFailure sorts errors of the network. Whose time is over, the context
// knows: the error of a connection that was cut off does not tell.
func transportFailure(ctx context.Context, err error) *failure {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errAttempt):
		return &failure{kind: slow, cause: err}
	case cause != nil:
		return &failure{kind: spent, cause: err}
	}
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return &failure{kind: unknownHost, cause: err}
	}
	if isTLS(err) {
		return &failure{kind: distrust, cause: err}
	}
	return &failure{kind: unreachable, cause: err}
}

func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		name         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch) || strings.Contains(err.Error(), "tls: ")
}
