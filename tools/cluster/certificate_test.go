package cluster

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func issued(t *testing.T, now time.Time) layout {
	t.Helper()
	at := layout(t.TempDir())
	require.NoError(t, ensureCertificates(at, now))
	return at
}

func leaf(t *testing.T, at layout, cert, key string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(at.pki(cert), at.pki(key))
	require.NoError(t, err)
	return pair.Leaf
}

func TestCertificatesServeTheirPurpose(t *testing.T) {
	now := time.Now()
	at := issued(t, now)
	text, err := os.ReadFile(at.pki(fileCA))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(text))
	server := leaf(t, at, fileServer, fileServerKey)
	admin := leaf(t, at, fileAdmin, fileAdminKey)
	for name, tc := range map[string]struct {
		certificate *x509.Certificate
		host        string
		usage       x509.ExtKeyUsage
		good        bool
	}{
		"server on loopback":   {server, "127.0.0.1", x509.ExtKeyUsageServerAuth, true},
		"server by name":       {server, "kubernetes.default.svc", x509.ExtKeyUsageServerAuth, true},
		"server as a peer":     {server, "", x509.ExtKeyUsageClientAuth, true},
		"server elsewhere":     {server, "example.test", x509.ExtKeyUsageServerAuth, false},
		"administrator":        {admin, "", x509.ExtKeyUsageClientAuth, true},
		"administrator serves": {admin, "", x509.ExtKeyUsageServerAuth, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.certificate.Verify(x509.VerifyOptions{
				Roots: roots, DNSName: tc.host, KeyUsages: []x509.ExtKeyUsage{tc.usage}, CurrentTime: now,
			})
			assert.Equal(t, tc.good, err == nil, "%v", err)
		})
	}
	assert.Equal(t, []string{"system:masters"}, admin.Subject.Organization)
}

func TestCertificatesAreKept(t *testing.T) {
	now := time.Now()
	for name, tc := range map[string]struct {
		later time.Duration
		spoil func(*testing.T, layout)
		kept  bool
	}{
		"next day":        {24 * time.Hour, func(*testing.T, layout) {}, true},
		"before they end": {certificateLife - renewBefore + time.Hour, func(*testing.T, layout) {}, false},
		"broken": {0, func(t *testing.T, at layout) {
			require.NoError(t, os.WriteFile(at.pki(fileCA), []byte("x"), 0o600))
		}, false},
		"broken off": {0, func(t *testing.T, at layout) { require.NoError(t, os.Remove(at.pki(fileCA))) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			at := issued(t, now)
			before, tokens := leaf(t, at, fileAdmin, fileAdminKey), read(t, at.pki(fileServiceAccount))
			tc.spoil(t, at)
			require.NoError(t, ensureCertificates(at, now.Add(tc.later)))
			assert.Equal(t, tc.kept, before.Equal(leaf(t, at, fileAdmin, fileAdminKey)))
			assert.Equal(t, tokens, read(t, at.pki(fileServiceAccount)), "tokens stay valid")
		})
	}
}

func TestKeysArePrivate(t *testing.T) {
	at := issued(t, time.Now())
	require.NoError(t, writeKubeconfig(at, "platform-local", "https://127.0.0.1:20001"))
	paths, err := filepath.Glob(at.in("pki", "*"))
	require.NoError(t, err)
	for _, path := range append(paths, at.kubeconfig()) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), path)
	}
	info, err := os.Stat(at.in("pki"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
