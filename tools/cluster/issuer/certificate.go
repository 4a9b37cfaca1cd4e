package issuer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
)

// group is that of cert-manager's kinds.
const group = "cert-manager.io"

// certificate is what is read of a Certificate.
type certificate struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              certificateSpec `json:"spec"`
}

// certificateSpec is what a Certificate asks for, by cert-manager's names.
type certificateSpec struct {
	SecretName            string           `json:"secretName"`
	SecretTemplate        secretTemplate   `json:"secretTemplate"`
	CommonName            string           `json:"commonName"`
	DNSNames              []string         `json:"dnsNames"`
	IPAddresses           []string         `json:"ipAddresses"`
	URIs                  []string         `json:"uris"`
	EmailAddresses        []string         `json:"emailAddresses"`
	Duration              *metav1.Duration `json:"duration"`
	RenewBefore           *metav1.Duration `json:"renewBefore"`
	RenewBeforePercentage *int32           `json:"renewBeforePercentage"`
	IssuerRef             issuerRef        `json:"issuerRef"`
	PrivateKey            privateKey       `json:"privateKey"`
	Usages                []string         `json:"usages"`
	IsCA                  bool             `json:"isCA"`
}

// secretTemplate is what the Secret is to carry beside the certificate.
type secretTemplate struct {
	Annotations map[string]string `json:"annotations"`
	Labels      map[string]string `json:"labels"`
}

// issuerRef names who is to sign. Here it is always the cluster's authority, in
// the place of every ClusterIssuer and of the Issuers that there are.
type issuerRef struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // ClusterIssuer or Issuer; default Issuer
	Group string `json:"group"`
}

// known is an error for an Issuer that its namespace does not have. ClusterIssuers
// belong to the cluster's administrators, so that a stack need not bring them.
func (i *issuer) known(ctx context.Context, namespace string, who issuerRef) error {
	if cmp.Or(who.Kind, "Issuer") != "Issuer" {
		return nil
	}
	if _, err := i.Objects.Resource(issuersResource).Namespace(namespace).Get(ctx, who.Name, metav1.GetOptions{}); err != nil {
		return fmt.Errorf("referenced Issuer %s/%s: %w", namespace, who.Name, err)
	}
	return nil
}

// privateKey is what key the certificate is to have.
type privateKey struct {
	Algorithm      string `json:"algorithm"`      // RSA, ECDSA or Ed25519; default RSA
	Size           int    `json:"size"`           // bits; default 2048 or 256
	Encoding       string `json:"encoding"`       // PKCS1 or PKCS8; default PKCS1
	RotationPolicy string `json:"rotationPolicy"` // Never keeps the key at a renewal; default Always
}

// The lives of certificates that do not ask for one.
const (
	defaultLife = 90 * 24 * time.Hour
	clockSkew   = time.Hour // a certificate must be valid for a clock that lags
)

// leastRest keeps a Certificate from being looked at all the time when its
// authority is about to end.
const leastRest = time.Minute

// life is how long the certificate is to be valid.
func (s certificateSpec) life() time.Duration {
	if s.Duration != nil {
		return s.Duration.Duration
	}
	return defaultLife
}

// early is how long before its end a certificate of that life is renewed: as
// asked, else for the last third of its life.
func (s certificateSpec) early(life time.Duration) time.Duration {
	switch {
	case s.RenewBefore != nil && s.RenewBefore.Duration < life:
		return s.RenewBefore.Duration
	case s.RenewBeforePercentage != nil:
		return life / 100 * time.Duration(*s.RenewBeforePercentage)
	default:
		return life / 3
	}
}

// errForeign means that a Secret of the name is there that was not made here.
var errForeign = errors.New("is there and not of this Certificate; delete it, or choose another secretName")

// certify gives a Certificate its Secret and tells until when to leave it alone.
func (i *issuer) certify(ctx context.Context, name cache.ObjectName) (time.Duration, error) {
	found, exists, err := i.certificates.GetByKey(name.String())
	if err != nil || !exists {
		return 0, err
	}
	object, ok := found.(*unstructured.Unstructured)
	if !ok || object.GetDeletionTimestamp() != nil {
		return 0, nil
	}
	var one certificate
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &one); err != nil {
		return 0, fmt.Errorf("certificate %s: %w", name, err)
	}
	if one.Spec.IssuerRef.Group != "" && one.Spec.IssuerRef.Group != group {
		return 0, nil // of another program
	}
	var state state
	if err = i.known(ctx, one.Namespace, one.Spec.IssuerRef); err == nil {
		state, err = i.ensureSecret(ctx, one)
	}
	if err != nil {
		return 0, errors.Join(err, i.report(ctx, object, unready(err)))
	}
	if err := i.report(ctx, object, state); err != nil {
		return 0, err
	}
	return max(state.renewal.Sub(i.Now()), leastRest), nil
}
