package site

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// secret notes the certificate of a Secret and gives its ID. Without a good one
// it gives none, and the edge shows its own: the host is up, and its
// certificate may still be on the way.
func (b *builder) secret(object Object, namespace, name string) string {
	secret := b.index.secrets[namespace+"/"+name]
	if secret == nil {
		b.missing(object, "secret %q: there is none of that name and type %s", name, corev1.SecretTypeTLS)
		return ""
	}
	id, err := b.certificate(secret.Data[corev1.TLSCertKey], secret.Data[corev1.TLSPrivateKeyKey])
	if err != nil {
		b.missing(object, "secret %q: %s", name, err)
	}
	return id
}

// certificate notes a certificate with its key.
func (b *builder) certificate(cert, key []byte) (string, error) {
	if _, err := tls.X509KeyPair(cert, key); err != nil {
		return "", fmt.Errorf("is no certificate with its key: %w", err)
	}
	sum := sha256.New()
	sum.Write(cert)
	sum.Write(key)
	id := hex.EncodeToString(sum.Sum(nil)[:16])
	b.certificates[id] = Certificate{id, cert, key}
	return id, nil
}
