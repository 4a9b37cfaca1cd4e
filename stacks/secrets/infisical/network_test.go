package infisical

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

func TestNeverAnswers(t *testing.T) {
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
		s.Always(endpoint, infisicaltest.Hang(nil))
		c := settings(s)
		c.AttemptTimeout = 200 * time.Millisecond
		_, err := read(context.Background(), "prod", c, wanted()[:1], universal(), quick)
		problem(t, err, "secrets.infisical.attemptTimeout", "gave no answer within 200ms (6 attempts)")
		assert.LessOrEqual(t, s.Count(endpoint), 6)

		c.AttemptTimeout, c.Timeout = 20*time.Second, 300*time.Millisecond
		start := time.Now()
		_, err = read(context.Background(), "prod", c, wanted()[:1], universal(), quick)
		problem(t, err, "secrets.infisical.timeout", "the values were not read within 300ms")
		assert.Less(t, time.Since(start), 2*time.Second)
	}
}

// A peer that accepts connections and never speaks TLS is bounded too.
func TestSilentPeer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	c := config.Infisical{
		URL: "https://" + listener.Addr().String(), Project: "p", Environment: "prod",
		AttemptTimeout: 50 * time.Millisecond, Timeout: 20 * time.Second,
	}
	_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
	problem(t, err, "secrets.infisical.attemptTimeout", "gave no answer within 50ms (6 attempts)")
}

func TestConnectionRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	c := config.Infisical{URL: "https://" + listener.Addr().String(), Project: "p", Environment: "prod"}
	_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
	problem(t, err, "secrets.infisical.url", "cannot be reached", "connection refused (6 attempts)")
}

func TestTLSErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		change    func(*infisicaltest.World)
		key, want string
	}{
		"other name": {func(w *infisicaltest.World) { w.OtherName = true }, "secrets.infisical.url", "use a name that the server's certificate has"},
		"expired":    {func(w *infisicaltest.World) { w.Expired = true }, "secrets.infisical.url", "renew the server's certificate"},
		"old TLS":    {func(w *infisicaltest.World) { w.MaxTLSVersion = tls.VersionTLS11 }, "secrets.infisical.url", "TLS 1.2 or newer"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world(infisicaltest.Generation2024)
			tc.change(&w)
			s := infisicaltest.Start(t, w)
			_, err := ask(s)
			problem(t, err, tc.key, tc.want)
			assert.NotContains(t, err.Error(), "attempts")
			assert.Empty(t, s.Requests())
		})
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	c := config.Infisical{URL: "https://" + plain.Listener.Addr().String(), Project: "p", Environment: "prod"}
	_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
	problem(t, err, "secrets.infisical.url", "does not speak TLS at this port")
}

// An unknown host is reported at once; a resolver that is in trouble may recover.
func TestUnknownHost(t *testing.T) {
	ctx := context.Background()
	missing := transportFailure(ctx, fmt.Errorf("dial: %w", &net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}))
	assert.Equal(t, unknownHost, missing.kind)
	assert.False(t, missing.passing())
	r := &reader{stack: "prod", settings: config.Infisical{URL: "https://infisical.example:8443"}}
	assert.Equal(t, `platform:secrets.infisical.url (stack prod): there is no host "infisical.example"; `+
		"correct the name, or connect to the network that knows it", r.problem(missing, credentials{}).Error())
	assert.True(t, transportFailure(ctx, &net.DNSError{Err: "server misbehaving", IsTemporary: true}).passing())
	assert.True(t, transportFailure(ctx, errors.New("anything else")).passing())
}
