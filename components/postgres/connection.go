package postgres

import (
	"cmp"
	"net"
	"net/url"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/secret"
)

// Database is where a PostgreSQL database is and who may use it, whoever runs
// the server.
type Database struct {
	Host     string // DNS name
	Port     int
	Name     string
	User     string
	Password pulumi.StringInput // secret
	SSLMode  string             // libpq's sslmode; empty leaves it to the driver
	Scheme   string             // postgresql or postgres, which mean the same; default postgresql
}

// URL is SCHEME://USER:PASSWORD@HOST:PORT/DB, a secret. The password is
// escaped, so it may hold any character.
func (d Database) URL() pulumi.StringOutput {
	return pulumi.ToSecret(d.Password.ToStringOutput().ApplyT(d.url)).(pulumi.StringOutput)
}

func (d Database) url(password string) string {
	u := url.URL{
		Scheme: cmp.Or(d.Scheme, "postgresql"),
		User:   url.UserPassword(d.User, secret.InUserinfo.Mark(password)),
		Host:   net.JoinHostPort(d.Host, strconv.Itoa(d.Port)),
		Path:   d.Name,
	}
	if d.SSLMode != "" {
		u.RawQuery = url.Values{"sslmode": {d.SSLMode}}.Encode()
	}
	return u.String()
}
