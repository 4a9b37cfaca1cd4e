package cluster

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/netip"
	"slices"
	"time"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	joinGroup      = "system:bootstrappers:platform:nodes" // of whoever has the token to join by
	joinTokenLife  = time.Hour
	systemSpace    = "kube-system"
	joinTokenType  = "bootstrap.kubernetes.io/token"
	approvalPeriod = 250 * time.Millisecond
)

var requestsResource = schema.GroupVersionResource{Group: "certificates.k8s.io", Version: "v1", Resource: "certificatesigningrequests"}

// makeToken makes the token with which a node asks for its first certificate.
func (a *api) makeToken(ctx context.Context) (string, error) {
	random := make([]byte, 11)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("token to join by: %w", err)
	}
	id, secret := hex.EncodeToString(random[:3]), hex.EncodeToString(random[3:])
	object, err := loose(&corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: "bootstrap-token-" + id, Namespace: systemSpace},
		Type:       joinTokenType,
	})
	if err != nil {
		return "", fmt.Errorf("token to join by: %w", err)
	}
	data := map[string]any{}
	for key, value := range map[string]string{
		"token-id": id, "token-secret": secret, "usage-bootstrap-authentication": "true",
		"auth-extra-groups": joinGroup, "expiration": time.Now().Add(joinTokenLife).UTC().Format(time.RFC3339),
	} {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	object.Object["data"] = data
	if err := a.applyAny(ctx, object); err != nil {
		return "", fmt.Errorf("token to join by: %w", err)
	}
	return id + "." + secret, nil
}

// approve lets kubelets have the certificates that they serve with, which
// nobody else approves: one that a node asks for its own name and address. It
// returns when the context ends.
func (a *api) approve(ctx context.Context, s site) {
	addresses := map[string]netip.Addr{}
	for _, one := range s.seats {
		addresses["system:node:"+one.Name] = one.address.Addr()
	}
	ticker := time.NewTicker(approvalPeriod)
	defer ticker.Stop()
	for {
		found, err := a.list(ctx, requestsResource, "")
		for i := range found {
			if err == nil {
				err = a.approveOne(ctx, &found[i], addresses)
			}
		}
		select { // an error is met again at the next look, and the node is not ready meanwhile
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (a *api) approveOne(ctx context.Context, object *unstructured.Unstructured, addresses map[string]netip.Addr) error {
	var request certificatesv1.CertificateSigningRequest
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &request); err != nil {
		return err
	}
	if len(request.Status.Conditions) > 0 || !mayServe(&request, addresses) {
		return nil
	}
	request.Status.Conditions = []certificatesv1.CertificateSigningRequestCondition{{
		Type: certificatesv1.CertificateApproved, Status: corev1.ConditionTrue,
		Reason: "NodeOfTheTopology", Message: "A node asks for its own name and address.",
	}}
	approved, err := loose(&request)
	if err != nil {
		return err
	}
	_, err = a.objects.Resource(requestsResource).Update(ctx, approved, metav1.UpdateOptions{}, "approval")
	return err
}

// mayServe reports whether a request is a node's for what it serves itself.
func mayServe(request *certificatesv1.CertificateSigningRequest, addresses map[string]netip.Addr) bool {
	address, known := addresses[request.Spec.Username]
	block, _ := pem.Decode(request.Spec.Request)
	if !known || request.Spec.SignerName != certificatesv1.KubeletServingSignerName || block == nil {
		return false
	}
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || asked.Subject.CommonName != request.Spec.Username || !slices.Equal(asked.Subject.Organization, []string{"system:nodes"}) {
		return false
	}
	for _, ip := range asked.IPAddresses {
		if other, ok := netip.AddrFromSlice(ip); !ok || other.Unmap() != address {
			return false
		}
	}
	name := request.Spec.Username[len("system:node:"):]
	return !slices.ContainsFunc(asked.DNSNames, func(other string) bool { return other != name }) &&
		len(asked.EmailAddresses)+len(asked.URIs) == 0
}
