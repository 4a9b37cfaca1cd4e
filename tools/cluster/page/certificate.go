package page

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	certificateLife = 397 * 24 * time.Hour // the longest that browsers take
	renewBefore     = 30 * 24 * time.Hour
	clockSkew       = time.Hour // a certificate must be valid for a clock that lags
	serialBits      = 127       // of a number that is never given twice
)

// certificate is the server's own, made again when the platform's names change
// and before it ends.
type certificate struct {
	ca  *x509.Certificate
	key crypto.Signer
	now func() time.Time

	mu    sync.Mutex
	names []string
	last  *tls.Certificate
}

// of is the certificate for a platform's names and those of this machine.
func (c *certificate) of(hosts []string) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && slices.Equal(c.names, hosts) && c.now().Before(c.last.Leaf.NotAfter.Add(-renewBefore)) {
		return c.last, nil
	}
	made, err := c.issue(hosts)
	if err != nil {
		return nil, fmt.Errorf("certificate of the page: %w", err)
	}
	c.names, c.last = slices.Clone(hosts), made
	return made, nil
}

func (c *certificate) issue(hosts []string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits))
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "platform-page"},
		NotBefore:    c.now().Add(-clockSkew),
		NotAfter:     c.now().Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     append([]string{"localhost"}, hosts...),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, c.ca, key.Public(), c.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
