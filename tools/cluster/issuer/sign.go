package issuer

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"time"
)

// serialBits is the length of serial numbers, which nobody may guess.
const serialBits = 127

// usages are those that a Certificate may name, as bits of a certificate.
var usages = map[string]struct {
	key      x509.KeyUsage
	extended []x509.ExtKeyUsage
}{
	"signing":           {key: x509.KeyUsageDigitalSignature},
	"digital signature": {key: x509.KeyUsageDigitalSignature},
	"key encipherment":  {key: x509.KeyUsageKeyEncipherment},
	"key agreement":     {key: x509.KeyUsageKeyAgreement},
	"data encipherment": {key: x509.KeyUsageDataEncipherment},
	"cert sign":         {key: x509.KeyUsageCertSign},
	"crl sign":          {key: x509.KeyUsageCRLSign},
	"server auth":       {extended: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}},
	"client auth":       {extended: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}},
}

// defaultUsages are what a server needs.
var defaultUsages = []string{"digital signature", "key encipherment", "server auth"}

// sign makes the certificate of a key as asked, valid from now on and never
// beyond the authority's end.
func (o Options) sign(spec certificateSpec, key crypto.PublicKey) (*x509.Certificate, error) {
	template, err := spec.template()
	if err != nil {
		return nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits)); err != nil {
		return nil, err
	}
	now := o.Now().Truncate(time.Second)
	template.NotBefore, template.NotAfter = now.Add(-clockSkew), now.Add(spec.life())
	if o.CA.NotAfter.Before(template.NotAfter) {
		template.NotAfter = o.CA.NotAfter
	}
	der, err := x509.CreateCertificate(rand.Reader, template, o.CA, key, o.Key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// template has the names and usages that the Certificate asks for.
func (s certificateSpec) template() (*x509.Certificate, error) {
	t := &x509.Certificate{
		Subject: pkix.Name{CommonName: s.CommonName}, DNSNames: s.DNSNames, EmailAddresses: s.EmailAddresses,
		IsCA: s.IsCA, BasicConstraintsValid: true,
	}
	for _, text := range s.IPAddresses {
		address := net.ParseIP(text)
		if address == nil {
			return nil, fmt.Errorf("ipAddresses: %q is no address", text)
		}
		t.IPAddresses = append(t.IPAddresses, address)
	}
	for _, text := range s.URIs {
		one, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("uris: %w", err)
		}
		t.URIs = append(t.URIs, one)
	}
	if s.CommonName == "" && len(s.DNSNames)+len(s.IPAddresses)+len(s.URIs)+len(s.EmailAddresses) == 0 {
		return nil, errors.New("names nothing; list dnsNames")
	}
	asked := s.Usages
	if len(asked) == 0 {
		asked = defaultUsages
	}
	for _, name := range asked {
		usage, known := usages[name]
		if !known {
			return nil, fmt.Errorf("usages: %q is not known here", name)
		}
		t.KeyUsage |= usage.key
		t.ExtKeyUsage = append(t.ExtKeyUsage, usage.extended...)
	}
	if s.IsCA {
		t.KeyUsage |= x509.KeyUsageCertSign
	}
	return t, nil
}

// generate makes a key as asked.
func (k privateKey) generate() (crypto.Signer, error) {
	switch k.Algorithm {
	case "", "RSA":
		return rsa.GenerateKey(rand.Reader, k.bits())
	case "ECDSA":
		curve, known := map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 521: elliptic.P521()}[k.bits()]
		if !known {
			return nil, fmt.Errorf("privateKey.size: %d is not 256, 384 or 521", k.Size)
		}
		return ecdsa.GenerateKey(curve, rand.Reader)
	case "Ed25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	default:
		return nil, fmt.Errorf("privateKey.algorithm: %q is not RSA, ECDSA or Ed25519", k.Algorithm)
	}
}

func (k privateKey) bits() int {
	switch {
	case k.Size != 0:
		return k.Size
	case k.Algorithm == "ECDSA":
		return 256
	default:
		return 2048
	}
}

// describes reports whether a key is of the kind that is asked for.
func (k privateKey) describes(key crypto.Signer) bool {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return (k.Algorithm == "" || k.Algorithm == "RSA") && key.N.BitLen() == k.bits()
	case *ecdsa.PrivateKey:
		return k.Algorithm == "ECDSA" && key.Params().BitSize == k.bits()
	case ed25519.PrivateKey:
		return k.Algorithm == "Ed25519"
	default:
		return false
	}
}

// encode writes a key in the form that is asked for.
func (k privateKey) encode(key crypto.Signer) ([]byte, error) {
	if k.Encoding != "PKCS8" {
		switch key := key.(type) {
		case *rsa.PrivateKey:
			return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), nil
		case *ecdsa.PrivateKey:
			der, err := x509.MarshalECPrivateKey(key)
			return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), err
		}
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err
}

// chain is the certificate with what leads from it to the root, which nobody
// sends: a client has it, or does not trust it.
func (o Options) chain(leaf *x509.Certificate) []byte {
	text := encodeCertificate(leaf)
	if !bytes.Equal(o.CA.RawIssuer, o.CA.RawSubject) {
		text = append(text, encodeCertificate(o.CA)...)
	}
	return text
}

func encodeCertificate(one *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})
}
