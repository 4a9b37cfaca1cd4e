package issuer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The annotations of the Secrets. The first is ours and says that the Secret
// may be written; the others are cert-manager's.
const (
	signedKey      = "platform-cluster/signed-by"
	signedValue    = "embedded-authority"
	certificateKey = group + "/certificate-name"
)

// caKey is the key of the authority's certificate in a Secret.
const caKey = "ca.crt"

// pair is a certificate and its key, as a Secret holds them.
type pair struct {
	leaf *x509.Certificate
	key  crypto.Signer
}

// ensureSecret makes the Secret of a Certificate, or makes it again where it no
// longer is what is asked for, or ends soon.
func (i *issuer) ensureSecret(ctx context.Context, one certificate) (state, error) {
	if one.Spec.SecretName == "" {
		return state{}, fmt.Errorf("certificate %s/%s: secretName: is missing", one.Namespace, one.Name)
	}
	secrets := i.Client.CoreV1().Secrets(one.Namespace)
	old, err := secrets.Get(ctx, one.Spec.SecretName, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return state{}, err
	}
	missing := err != nil
	if !missing && (old.Annotations[signedKey] != signedValue || old.Annotations[certificateKey] != one.Name) {
		return state{}, fmt.Errorf("secret %s/%s: %w", one.Namespace, old.Name, errForeign)
	}
	var held *pair
	if !missing {
		held = readPair(old)
		if i.good(held, old, one.Spec) {
			return i.ready(one.Spec, held.leaf), nil
		}
	}
	made, err := i.newPair(one.Spec, held)
	if err != nil {
		return state{}, fmt.Errorf("certificate %s/%s: %w", one.Namespace, one.Name, err)
	}
	secret, err := i.secret(one, made)
	if err != nil {
		return state{}, fmt.Errorf("certificate %s/%s: %w", one.Namespace, one.Name, err)
	}
	if missing {
		_, err = secrets.Create(ctx, secret, metav1.CreateOptions{})
	} else {
		secret.ResourceVersion = old.ResourceVersion // another's change in between must not be lost
		_, err = secrets.Update(ctx, secret, metav1.UpdateOptions{})
	}
	if err != nil {
		return state{}, fmt.Errorf("secret %s/%s: %w", one.Namespace, secret.Name, err)
	}
	return i.ready(one.Spec, made.leaf), nil
}

// newPair signs again, for the held key where the Certificate wants to keep it.
func (i *issuer) newPair(spec certificateSpec, held *pair) (*pair, error) {
	made := &pair{}
	if held != nil && spec.PrivateKey.RotationPolicy == "Never" && spec.PrivateKey.describes(held.key) {
		made.key = held.key
	} else {
		var err error
		if made.key, err = spec.PrivateKey.generate(); err != nil {
			return nil, err
		}
	}
	var err error
	made.leaf, err = i.sign(spec, made.key.Public())
	return made, err
}

// good reports whether what a Secret holds is what is asked for, and lasts.
func (i *issuer) good(held *pair, secret *corev1.Secret, spec certificateSpec) bool {
	if held == nil || held.leaf.CheckSignatureFrom(i.CA) != nil || !bytes.Equal(secret.Data[caKey], encodeCertificate(i.CA)) {
		return false
	}
	wanted, err := spec.template()
	return err == nil && spec.PrivateKey.describes(held.key) && sameNames(wanted, held.leaf) &&
		wanted.KeyUsage == held.leaf.KeyUsage && slices.Equal(wanted.ExtKeyUsage, held.leaf.ExtKeyUsage) && wanted.IsCA == held.leaf.IsCA &&
		i.Now().Before(i.ready(spec, held.leaf).renewal)
}

func sameNames(a, b *x509.Certificate) bool {
	return a.Subject.CommonName == b.Subject.CommonName &&
		slices.Equal(a.DNSNames, b.DNSNames) && slices.Equal(a.EmailAddresses, b.EmailAddresses) &&
		slices.Equal(texts(a.IPAddresses), texts(b.IPAddresses)) && slices.Equal(texts(a.URIs), texts(b.URIs))
}

func texts[T fmt.Stringer](list []T) []string {
	var out []string
	for _, one := range list {
		out = append(out, one.String())
	}
	return out
}

// secret is how the pair is kept.
func (i *issuer) secret(one certificate, made *pair) (*corev1.Secret, error) {
	key, err := one.Spec.PrivateKey.encode(made.key)
	if err != nil {
		return nil, err
	}
	annotations := map[string]string{}
	maps.Copy(annotations, one.Spec.SecretTemplate.Annotations)
	maps.Copy(annotations, map[string]string{
		signedKey: signedValue, certificateKey: one.Name,
		group + "/issuer-name": one.Spec.IssuerRef.Name, group + "/issuer-kind": one.Spec.IssuerRef.Kind, group + "/issuer-group": one.Spec.IssuerRef.Group,
		group + "/common-name": one.Spec.CommonName, group + "/alt-names": strings.Join(one.Spec.DNSNames, ","),
	})
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: one.Namespace, Name: one.Spec.SecretName, Annotations: annotations, Labels: maps.Clone(one.Spec.SecretTemplate.Labels),
		},
		Type: corev1.SecretTypeTLS,
		Data: map[string][]byte{
			corev1.TLSCertKey: i.chain(made.leaf), corev1.TLSPrivateKeyKey: key, caKey: encodeCertificate(i.CA),
		},
	}, nil
}

// readPair is what a Secret holds; nil if it is no pair.
func readPair(secret *corev1.Secret) *pair {
	both, err := tls.X509KeyPair(secret.Data[corev1.TLSCertKey], secret.Data[corev1.TLSPrivateKeyKey])
	if err != nil {
		return nil
	}
	key, ok := both.PrivateKey.(crypto.Signer)
	if !ok {
		return nil
	}
	return &pair{both.Leaf, key}
}
