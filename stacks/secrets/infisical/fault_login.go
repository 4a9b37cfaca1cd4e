package infisical

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// explainLogin tells why a log-in was refused. Servers have one status for most
// reasons and tell them apart by their message.
func (r *reader) explainLogin(f *failure, c credentials) (key, why, remedy string) {
	said := f.said(c)
	switch {
	case f.status == http.StatusTooManyRequests, f.status >= http.StatusInternalServerError, f.route():
		return r.explainStatus(f, c)
	case strings.Contains(f.message, "locked"):
		return keyAll, "the machine identity is locked out after too many wrong log-ins" + said,
			"wait until the lock ends, 5 minutes unless the identity says otherwise, and correct the credentials first: each wrong one prolongs it"
	case strings.Contains(f.message, "usage limit"):
		return keyAll, "the client secret has been used as often as it may" + said, "create a new client secret and put it into " + EnvClientSecret
	case strings.Contains(f.message, "expired"):
		return keyAll, "the client secret has expired" + said, "create a new client secret and put it into " + EnvClientSecret
	case f.status == http.StatusUnauthorized && f.code != "ValidationFailure":
		return keyAll, "the server refuses the credentials" + said, fmt.Sprintf(
			"check that %s and %s belong to one machine identity of this server; three wrong log-ins lock it", EnvClientID, EnvClientSecret)
	case f.status == http.StatusNotFound:
		return keyAll, "the server knows no machine identity with this client ID" + said,
			"correct " + EnvClientID + ", whose case matters, or the address of the server"
	case f.status == http.StatusForbidden:
		return keyAll, "the server allows no log-in from here" + said, "add this machine's address to those that the machine identity trusts"
	default:
		return keyAll, fmt.Sprintf("the server refuses the log-in: status %d%s", f.status, said),
			"check the form of " + EnvClientID + " and " + EnvClientSecret + ", and the server's version"
	}
}

// explainTLS tells what to do about a certificate.
func (r *reader) explainTLS(err error, c credentials) (key, why, remedy string) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	why = "the connection is not safe: " + cause(err, c)
	switch {
	case errors.As(err, &authority):
		return keyCA, why, "name the file with the certificate of the authority that the server's comes from"
	case errors.As(err, &name):
		return keyURL, why, "use a name that the server's certificate has, or give the server one that has this name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return keyURL, why, "renew the server's certificate, or correct the clock of this machine"
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return keyURL, "the server does not speak TLS at this port", "name the port that does"
	default:
		return keyURL, why, "give the server a valid certificate and TLS 1.2 or newer"
	}
}
