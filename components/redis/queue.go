package redis

import (
	"net"
	"net/url"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/secret"
)

// Queue is where Redis is and its password.
type Queue struct {
	Host     string // DNS name
	Port     int
	Password pulumi.StringInput // secret
}

// URL is redis://:PASSWORD@HOST:PORT/0, a secret.
func (q Queue) URL() pulumi.StringOutput {
	return pulumi.ToSecret(q.Password.ToStringOutput().ApplyT(func(password string) string {
		u := url.URL{
			Scheme: "redis",
			User:   url.UserPassword("", secret.InUserinfo.Mark(password)),
			Host:   net.JoinHostPort(q.Host, strconv.Itoa(q.Port)),
			Path:   "0",
		}
		return u.String()
	})).(pulumi.StringOutput)
}
