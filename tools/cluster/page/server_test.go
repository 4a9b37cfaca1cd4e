package page

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// authority is one that signs for a year.
func authority(t *testing.T) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(5 * 365 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	ca, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return ca, key
}

// platform is what the page leads to: it says what it was asked.
func platform(t *testing.T, pair *tls.Certificate) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "https://identity.test/login", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "https://"+r.Host+"/there?x=1", http.StatusFound)
		case "/echo":
			conn, text, err := http.NewResponseController(w).Hijack()
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			line, _ := text.ReadString('\n')
			_, _ = io.WriteString(conn, "echo "+line)
		default:
			fmt.Fprintf(w, "%s %s %s", r.Host, r.Header.Get("Origin"), r.TLS.ServerName)
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{*pair}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// served starts the page of a platform, and returns a client that trusts it
// and finds every name there.
func served(t *testing.T, change func(*Options)) (*http.Client, string) {
	t.Helper()
	ca, key := authority(t)
	behind := &certificate{ca: ca, key: key, now: time.Now}
	pair, err := behind.of([]string{"shop.test", "docs.shop.test"})
	require.NoError(t, err)
	upstream := platform(t, pair).Listener.Addr().String()
	opts := Options{
		CA: ca, Key: key, Verify: true,
		Hosts: func() []string { return []string{"shop.test", "docs.shop.test"} },
		Dial:  func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", upstream) },
	}
	if change != nil {
		change(&opts)
	}
	server := New(opts)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-ended)
	})
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, port
}

// answer is what came back for a request.
type answer struct {
	status int
	header http.Header
	text   string
}

func get(t *testing.T, client *http.Client, url string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, string(text)}
}

func TestThePlatformIsAskedByItsName(t *testing.T) {
	client, port := served(t, nil)
	for name, tc := range map[string]struct {
		host, want string
	}{
		"localhost":    {"localhost", "shop.test https://shop.test shop.test"},
		"its address":  {"127.0.0.1", "shop.test https://shop.test shop.test"},
		"its name":     {"shop.test", "shop.test https://shop.test shop.test"},
		"another name": {"docs.shop.test", "docs.shop.test https://docs.shop.test docs.shop.test"},
	} {
		t.Run(name, func(t *testing.T) {
			url := "https://" + net.JoinHostPort(tc.host, port)
			got := get(t, client, url+"/", "Origin", url)
			assert.Equal(t, http.StatusOK, got.status)
			assert.Equal(t, tc.want, got.text)
		})
	}
}

func TestOthersOriginsStay(t *testing.T) {
	client, port := served(t, nil)
	got := get(t, client, "https://localhost:"+port+"/", "Origin", "https://evil.test")
	assert.Equal(t, "shop.test https://evil.test shop.test", got.text)
}

func TestRedirectsLeadBack(t *testing.T) {
	client, port := served(t, nil)
	for path, want := range map[string]string{
		"/inside": "https://localhost:" + port + "/there?x=1",
		"/away":   "https://identity.test/login",
	} {
		got := get(t, client, "https://localhost:"+port+path)
		assert.Equal(t, want, got.header.Get("Location"))
	}
}

func TestWhyThereIsNoPage(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Options)
		host   string
		status int
		want   string
	}{
		"nothing serves": {
			func(o *Options) {
				o.Dial = func(context.Context) (net.Conn, error) { return nil, errors.New("no pod is ready") }
			},
			"localhost", http.StatusBadGateway, "the platform at shop.test does not answer: no pod is ready",
		},
		"a name that the edge does not have": {
			func(o *Options) { o.Hosts = func() []string { return []string{"moved.test"} } },
			"localhost", http.StatusBadGateway, "not moved.test",
		},
		"no name is set": {func(o *Options) { o.Hosts = func() []string { return nil } }, "localhost", http.StatusMisdirectedRequest, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			client, port := served(t, tc.change)
			client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true
			got := get(t, client, "https://"+net.JoinHostPort(tc.host, port)+"/")
			assert.Equal(t, tc.status, got.status)
			assert.Contains(t, got.text, tc.want)
		})
	}
}

func TestWebSocketsPass(t *testing.T) {
	client, port := served(t, nil)
	config := client.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName = "localhost"
	conn, err := tls.Dial("tcp", "127.0.0.1:"+port, config)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = fmt.Fprintf(conn, "GET /echo HTTP/1.1\r\nHost: localhost:%s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", port)
	require.NoError(t, err)
	from := bufio.NewReader(conn)
	response, err := http.ReadResponse(from, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
	_, err = io.WriteString(conn, "hello\n")
	require.NoError(t, err)
	line, err := from.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "echo hello", strings.TrimSpace(line))
}

func TestAnotherAuthoritysPlatform(t *testing.T) {
	other, key := authority(t)
	pair, err := (&certificate{ca: other, key: key, now: time.Now}).of([]string{"shop.test"})
	require.NoError(t, err)
	upstream := platform(t, pair).Listener.Addr().String()
	for name, tc := range map[string]struct {
		verify bool
		status int
	}{"refused": {true, http.StatusBadGateway}, "taken": {false, http.StatusOK}} {
		t.Run(name, func(t *testing.T) {
			client, port := served(t, func(o *Options) {
				o.Verify = tc.verify
				o.Dial = func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", upstream) }
			})
			got := get(t, client, "https://localhost:"+port+"/")
			assert.Equal(t, tc.status, got.status)
		})
	}
}

func TestTheCertificateFollowsTheNames(t *testing.T) {
	ca, key := authority(t)
	now := time.Now()
	c := &certificate{ca: ca, key: key, now: func() time.Time { return now }}
	first, err := c.of([]string{"a.test"})
	require.NoError(t, err)
	for _, name := range []string{"localhost", "127.0.0.1", "::1", "a.test"} {
		require.NoError(t, first.Leaf.VerifyHostname(name))
	}
	same, err := c.of([]string{"a.test"})
	require.NoError(t, err)
	assert.Same(t, first, same)
	next, err := c.of([]string{"b.test"})
	require.NoError(t, err)
	require.NoError(t, next.Leaf.VerifyHostname("b.test"))
	require.Error(t, next.Leaf.VerifyHostname("a.test"))
	now = now.Add(certificateLife - renewBefore + time.Hour)
	late, err := c.of([]string{"b.test"})
	require.NoError(t, err)
	assert.True(t, late.Leaf.NotAfter.After(next.Leaf.NotAfter))
}
