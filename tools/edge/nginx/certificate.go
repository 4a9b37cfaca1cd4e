package nginx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"platform/tools/edge/site"
)

// ownLife is that of the certificate for hosts that have none. Nobody trusts
// it, so nobody gains by renewing it.
const ownLife = 10 * 365 * 24 * time.Hour

// writeOwnCertificate makes the certificate for hosts that have none.
func writeOwnCertificate(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "edge without a certificate"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(ownLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writeCertificates(folder, []site.Certificate{{
		ID:   OwnCertificate,
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		Key:  pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
	}})
}

// writeCertificates writes those that are not there: a name tells the content.
func writeCertificates(folder string, all []site.Certificate) error {
	for _, one := range all {
		if _, err := os.Stat(keyFile(folder, one.ID)); !errors.Is(err, fs.ErrNotExist) && one.ID != OwnCertificate {
			continue
		}
		// The key last: it says that both are there.
		if err := os.WriteFile(certFile(folder, one.ID), one.Cert, 0o600); err != nil {
			return err
		}
		if err := os.WriteFile(keyFile(folder, one.ID), one.Key, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// dropCertificates deletes the files that the site does not use.
func dropCertificates(folder string, used []site.Certificate) error {
	keep := map[string]bool{OwnCertificate: true}
	for _, one := range used {
		keep[one.ID] = true
	}
	files, err := os.ReadDir(filepath.Join(folder, "tls"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if id, _, _ := strings.Cut(file.Name(), "."); !keep[id] {
			if err := os.Remove(filepath.Join(folder, "tls", file.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
