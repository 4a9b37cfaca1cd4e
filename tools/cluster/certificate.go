package cluster

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"
)

const (
	certificateLife = 5 * 365 * 24 * time.Hour
	renewBefore     = 30 * 24 * time.Hour
	clockSkew       = time.Hour // a certificate must be valid for a clock that lags
)

// The files of the cluster's own certificate authority.
const (
	fileCA             = "ca.crt"
	fileServer         = "server.crt" // of every server here, on loopback
	fileServerKey      = "server.key"
	fileAdmin          = "admin.crt" // may do everything
	fileAdminKey       = "admin.key"
	fileServiceAccount = "service-account.key" // signs the tokens of pods
	fileCAKey          = "ca.key"              // as powerful as the administrator's beside it
)

// identityOf is a client of the API server that may do only what its name or
// its groups are given. Its certificate is NAME.crt, its key NAME.key.
type identityOf struct {
	name   string
	groups []string
}

// The clients that are no administrators. Kubernetes itself knows what the
// first two may do.
var (
	identityKubeProxy = identityOf{name: "system:kube-proxy"}
	identityAPIServer = identityOf{name: "kube-apiserver-kubelet-client"} // asks kubelets
	identityFrontend  = identityOf{name: "front-proxy-client"}            // the API server, when it passes requests on
	identityPolicies  = identityOf{name: "platform:network-policies"}
	identityMetrics   = identityOf{name: "platform:metrics-server"}
)

var identities = []identityOf{identityKubeProxy, identityAPIServer, identityFrontend, identityPolicies, identityMetrics}

// files are the names of its certificate and key.
func (i identityOf) files() (certificate, key string) {
	stem := strings.ReplaceAll(i.name, ":", "-")
	return stem + ".crt", stem + ".key"
}

// serviceRange holds the addresses of Services; the first is the API server's.
const (
	serviceRange   = "10.96.0.0/12"
	serviceAddress = "10.96.0.1"
)

// ensureCertificates keeps the certificates of an earlier run, so that its
// kubeconfig stays good, unless they end soon. The key of the service accounts
// has no end: their tokens in the data must stay valid. The servers are reached
// at the further addresses, too.
func ensureCertificates(at layout, now time.Time, addresses ...netip.Addr) error {
	if err := os.MkdirAll(at.in("pki"), 0o700); err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	if _, err := os.Stat(at.pki(fileServiceAccount)); errors.Is(err, fs.ErrNotExist) {
		if _, err := newKey(at.pki(fileServiceAccount)); err != nil {
			return fmt.Errorf("certificates: %w", err)
		}
	}
	if validUntil(at.pki(fileCA)).After(now.Add(renewBefore)) {
		return nil
	}
	if err := issueAll(at, now, addresses); err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	return nil
}

// validUntil is when a certificate ends; long ago if there is none.
func validUntil(path string) time.Time {
	text, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return time.Time{}
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}
	}
	return certificate.NotAfter
}

// issueAll makes a new authority and what it signs. Its certificate is written
// last: while it is missing, the set is incomplete and made again.
func issueAll(at layout, now time.Time, addresses []netip.Addr) error {
	key, err := newKey(at.pki(fileCAKey))
	if err != nil {
		return err
	}
	ca := template("platform-embedded-cluster", now)
	ca.IsCA, ca.BasicConstraintsValid = true, true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	signer := authority{ca, key}
	if err := signer.issue(serverTemplate(now, addresses), at.pki(fileServer), at.pki(fileServerKey)); err != nil {
		return err
	}
	admin := template("platform-admin", now)
	admin.Subject.Organization = []string{"system:masters"}
	admin.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if err := signer.issue(admin, at.pki(fileAdmin), at.pki(fileAdminKey)); err != nil {
		return err
	}
	for _, one := range identities {
		client := template(one.name, now)
		client.Subject.Organization = one.groups
		client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		certificate, key := one.files()
		if err := signer.issue(client, at.pki(certificate), at.pki(key)); err != nil {
			return err
		}
	}
	return signer.sign(ca, key.Public(), at.pki(fileCA))
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// issue makes a key and its certificate.
func (a authority) issue(t *x509.Certificate, path, keyPath string) error {
	key, err := newKey(keyPath)
	if err != nil {
		return err
	}
	return a.sign(t, key.Public(), path)
}

func (a authority) sign(t *x509.Certificate, key crypto.PublicKey, path string) error {
	der, err := x509.CreateCertificate(rand.Reader, t, a.certificate, key, a.key)
	if err != nil {
		return err
	}
	return replaceFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// authority reads the cluster's own authority.
func (l layout) authority() (*x509.Certificate, crypto.Signer, error) {
	pair, err := tls.LoadX509KeyPair(l.pki(fileCA), l.pki(fileCAKey))
	if err != nil {
		return nil, nil, fmt.Errorf("authority: %w", err)
	}
	signer, is := pair.PrivateKey.(crypto.Signer)
	if !is {
		return nil, nil, fmt.Errorf("authority: a key of %T signs nothing", pair.PrivateKey)
	}
	return pair.Leaf, signer, nil
}

// newKey makes a private key and stores it.
func newKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, replaceFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// serverTemplate is for every server of the cluster. etcd's peer protocol
// presents it as a client too.
func serverTemplate(now time.Time, addresses []netip.Addr) *x509.Certificate {
	t := template("platform-server", now)
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	t.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.ParseIP(serviceAddress)}
	for _, one := range addresses {
		t.IPAddresses = append(t.IPAddresses, one.AsSlice())
	}
	t.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	return t
}

func template(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-clockSkew),
		NotAfter:     now.Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}
