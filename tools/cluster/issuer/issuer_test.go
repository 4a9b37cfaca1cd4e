package issuer

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/fake"
)

// patience is for a machine that does other work too.
const patience = 30 * time.Second

// world is a cluster with an issuer, whose clock the test sets.
type world struct {
	Options
	t    *testing.T
	skip atomic.Int64 // how far the clock is ahead
}

func authority(t *testing.T, life time.Duration) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cluster"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(life), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	ca, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return ca, key
}

// play runs an issuer over objects until the test ends.
func play(t *testing.T, objects ...runtime.Object) *world {
	t.Helper()
	w := &world{t: t}
	var typed, loose []runtime.Object
	for _, one := range objects {
		if _, ok := one.(*unstructured.Unstructured); ok {
			loose = append(loose, one)
		} else {
			typed = append(typed, one)
		}
	}
	w.Client = fake.NewClientset(typed...)
	w.Objects = dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(),
		map[schema.GroupVersionResource]string{certificatesResource: "CertificateList"}, loose...)
	w.CA, w.Key = authority(t, 1000*24*time.Hour)
	w.Now = func() time.Time { return time.Now().Add(time.Duration(w.skip.Load())) }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, w.Options) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			assert.NoError(t, err)
		case <-time.After(patience):
			t.Error("does not end with its context")
		}
	})
	return w
}

// wish is a Certificate for the Secret web-tls.
func wish(more map[string]any) *unstructured.Unstructured {
	spec := map[string]any{
		"secretName": "web-tls", "dnsNames": []any{"web.test", "*.web.test"},
		"issuerRef": map[string]any{"name": "letsencrypt-prod", "kind": "ClusterIssuer", "group": group},
	}
	for key, value := range more {
		spec[key] = value
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1", "kind": "Certificate",
		"metadata": map[string]any{"namespace": "shop", "name": "web", "generation": int64(3)}, "spec": spec,
	}}
}

// secret waits for a Secret that fits.
func (w *world) secret(name string, fits func(*x509.Certificate) bool) (*corev1.Secret, tls.Certificate) {
	w.t.Helper()
	var secret *corev1.Secret
	var both tls.Certificate
	require.Eventually(w.t, func() bool {
		var err error
		if secret, err = w.Client.CoreV1().Secrets("shop").Get(w.t.Context(), name, metav1.GetOptions{}); err != nil {
			return false
		}
		both, err = tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
		return err == nil && (fits == nil || fits(both.Leaf))
	}, patience, 10*time.Millisecond)
	return secret, both
}

// verdict waits for the condition Ready with that status, and gives it.
func (w *world) verdict(name, status string) map[string]any {
	w.t.Helper()
	var found map[string]any
	require.Eventually(w.t, func() bool {
		one, err := w.Objects.Resource(certificatesResource).Namespace("shop").Get(w.t.Context(), name, metav1.GetOptions{})
		if err != nil {
			return false
		}
		conditions, _, _ := unstructured.NestedSlice(one.Object, "status", "conditions")
		if len(conditions) != 1 {
			return false
		}
		found = conditions[0].(map[string]any)
		return found["type"] == "Ready" && found["status"] == status
	}, patience, 10*time.Millisecond)
	return found
}

func TestCertificate(t *testing.T) {
	w := play(t, wish(map[string]any{"secretTemplate": map[string]any{"labels": map[string]any{"team": "web"}}}))
	secret, both := w.secret("web-tls", nil)
	assert.Equal(t, corev1.SecretTypeTLS, secret.Type)
	assert.Equal(t, "web", secret.Annotations["cert-manager.io/certificate-name"])
	assert.Equal(t, map[string]string{"team": "web"}, secret.Labels)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(secret.Data["ca.crt"]))
	for _, name := range []string{"web.test", "api.web.test"} {
		_, err := both.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		assert.NoError(t, err, name)
	}
	assert.Len(t, both.Certificate, 1, "the root is not sent")
	assert.WithinDuration(t, time.Now().Add(defaultLife), both.Leaf.NotAfter, time.Minute)
	assert.EqualValues(t, 3, w.verdict("web", "True")["observedGeneration"])
}

func TestKeysAsAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		key  map[string]any
		want func(any) bool
		form string
	}{
		"default": {map[string]any{}, func(k any) bool { r, ok := k.(*rsa.PrivateKey); return ok && r.N.BitLen() == 2048 }, "BEGIN RSA PRIVATE KEY"},
		"ECDSA": {map[string]any{"algorithm": "ECDSA", "size": int64(384)}, func(k any) bool {
			e, ok := k.(*ecdsa.PrivateKey)
			return ok && e.Curve == elliptic.P384()
		}, "BEGIN EC PRIVATE KEY"},
		"PKCS8": {map[string]any{"algorithm": "ECDSA", "encoding": "PKCS8"}, func(k any) bool {
			e, ok := k.(*ecdsa.PrivateKey)
			return ok && e.Curve == elliptic.P256()
		}, "BEGIN PRIVATE KEY"},
		"Ed25519": {map[string]any{"algorithm": "Ed25519"}, func(k any) bool { _, ok := k.(ed25519.PrivateKey); return ok }, "BEGIN PRIVATE KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			secret, both := play(t, wish(map[string]any{"privateKey": tc.key})).secret("web-tls", nil)
			assert.True(t, tc.want(both.PrivateKey), "%T", both.PrivateKey)
			assert.Contains(t, string(secret.Data["tls.key"]), tc.form)
		})
	}
}

func TestRenewal(t *testing.T) {
	for name, policy := range map[string]string{"new key": "Always", "same key": "Never"} {
		t.Run(name, func(t *testing.T) {
			w := play(t, wish(map[string]any{"privateKey": map[string]any{"algorithm": "ECDSA", "rotationPolicy": policy}}))
			_, old := w.secret("web-tls", nil)
			w.verdict("web", "True")
			touch := func(by time.Duration) {
				w.skip.Store(int64(by))
				secret, _ := w.secret("web-tls", nil)
				secret.Labels = map[string]string{"seen": by.String()}
				_, err := w.Client.CoreV1().Secrets("shop").Update(t.Context(), secret, metav1.UpdateOptions{})
				require.NoError(t, err)
			}
			touch(59 * 24 * time.Hour)
			time.Sleep(200 * time.Millisecond) // nothing to wait for: nothing is to happen
			_, kept := w.secret("web-tls", nil)
			assert.Equal(t, old.Leaf.SerialNumber, kept.Leaf.SerialNumber, "a third of its life is left")
			touch(61 * 24 * time.Hour)
			_, fresh := w.secret("web-tls", func(leaf *x509.Certificate) bool { return leaf.SerialNumber.Cmp(old.Leaf.SerialNumber) != 0 })
			same := old.PrivateKey.(*ecdsa.PrivateKey).Equal(fresh.PrivateKey)
			assert.Equal(t, policy == "Never", same)
		})
	}
}

func TestSecretThatWasChangedIsMadeAnew(t *testing.T) {
	w := play(t, wish(nil))
	secret, old := w.secret("web-tls", nil)
	secret.Data["tls.crt"] = []byte("broken")
	_, err := w.Client.CoreV1().Secrets("shop").Update(t.Context(), secret, metav1.UpdateOptions{})
	require.NoError(t, err)
	w.secret("web-tls", func(leaf *x509.Certificate) bool { return leaf.SerialNumber.Cmp(old.Leaf.SerialNumber) != 0 })
}

func TestForeignSecretStays(t *testing.T) {
	theirs := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web-tls"}, Data: map[string][]byte{"tls.crt": []byte("theirs")},
	}
	w := play(t, theirs, wish(nil))
	assert.Contains(t, w.verdict("web", "False")["message"], "secret shop/web-tls: is there and not of this Certificate")
	found, err := w.Client.CoreV1().Secrets("shop").Get(t.Context(), "web-tls", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, theirs.Data, found.Data)
	require.NoError(t, w.Client.CoreV1().Secrets("shop").Delete(t.Context(), "web-tls", metav1.DeleteOptions{}))
	w.secret("web-tls", nil)
	w.verdict("web", "True")
}

func TestCertificateErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		more map[string]any
		want string
	}{
		"no names":          {map[string]any{"dnsNames": []any{}}, "names nothing"},
		"unknown algorithm": {map[string]any{"privateKey": map[string]any{"algorithm": "DSA"}}, `"DSA" is not RSA`},
		"unknown curve":     {map[string]any{"privateKey": map[string]any{"algorithm": "ECDSA", "size": int64(100)}}, "100 is not 256"},
		"unknown usage":     {map[string]any{"usages": []any{"knitting"}}, `usages: "knitting" is not known`},
		"no address":        {map[string]any{"ipAddresses": []any{"web"}}, `ipAddresses: "web" is no address`},
		"no secret":         {map[string]any{"secretName": ""}, "secretName: is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Contains(t, play(t, wish(tc.more)).verdict("web", "False")["message"], tc.want)
		})
	}
}

func TestOtherProgramsCertificateIsLeftAlone(t *testing.T) {
	theirs := wish(map[string]any{"issuerRef": map[string]any{"name": "x", "group": "other.test"}})
	theirs.SetName("theirs")
	w := play(t, theirs, wish(map[string]any{"secretName": "ours"}))
	w.secret("ours", nil)
	_, err := w.Client.CoreV1().Secrets("shop").Get(t.Context(), "web-tls", metav1.GetOptions{})
	assert.Error(t, err)
}

func TestIssuerOfTheNamespace(t *testing.T) {
	own := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1", "kind": "Issuer", "metadata": map[string]any{"namespace": "shop", "name": "own"},
	}}
	there := wish(map[string]any{"issuerRef": map[string]any{"name": "own"}}) // by default an Issuer
	missing := wish(map[string]any{"secretName": "other-tls", "issuerRef": map[string]any{"name": "letsencrypt-prod", "kind": "Issuer"}})
	missing.SetName("other")
	w := play(t, own, there, missing)
	w.verdict("web", "True")
	assert.Contains(t, w.verdict("other", "False")["message"], "referenced Issuer shop/letsencrypt-prod")
	_, err := w.Client.CoreV1().Secrets("shop").Get(t.Context(), "other-tls", metav1.GetOptions{})
	assert.Error(t, err, "nobody signs it")
}

func ingress() *networkingv1.Ingress {
	return &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: "edge", UID: "edge-1", Annotations: map[string]string{clusterIssuerKey: "letsencrypt-prod"},
		},
		Spec: networkingv1.IngressSpec{TLS: []networkingv1.IngressTLS{{Hosts: []string{"shop.test", "www.shop.test"}, SecretName: "shop-tls"}}},
	}
}

func TestIngress(t *testing.T) {
	edge := ingress()
	w := play(t, edge)
	_, both := w.secret("shop-tls", nil)
	assert.Equal(t, []string{"shop.test", "www.shop.test"}, both.Leaf.DNSNames)
	w.verdict("shop-tls", "True")
	made, err := w.Objects.Resource(certificatesResource).Namespace("shop").Get(t.Context(), "shop-tls", metav1.GetOptions{})
	require.NoError(t, err)
	assert.True(t, metav1.IsControlledBy(made, edge), "it goes with its Ingress")

	edge.Spec.TLS = []networkingv1.IngressTLS{{Hosts: []string{"new.test"}, SecretName: "shop-tls"}}
	_, err = w.Client.NetworkingV1().Ingresses("shop").Update(t.Context(), edge, metav1.UpdateOptions{})
	require.NoError(t, err)
	w.secret("shop-tls", func(leaf *x509.Certificate) bool { return len(leaf.DNSNames) == 1 && leaf.DNSNames[0] == "new.test" })

	edge.Annotations = nil
	_, err = w.Client.NetworkingV1().Ingresses("shop").Update(t.Context(), edge, metav1.UpdateOptions{})
	require.NoError(t, err)
	assert.Eventually(t, func() bool {
		left, err := w.Objects.Resource(certificatesResource).List(t.Context(), metav1.ListOptions{})
		return err == nil && len(left.Items) == 0
	}, patience, 10*time.Millisecond)
}

func TestIngressesThatAskForNothing(t *testing.T) {
	unasked, nameless := ingress(), ingress()
	unasked.Annotations = nil
	nameless.Spec.TLS[0].SecretName = ""
	assert.Empty(t, wishes(unasked))
	assert.Empty(t, wishes(nameless))
}

func TestCertificateOfAnotherOwnerStays(t *testing.T) {
	own := wish(nil)
	own.SetName("shop-tls")
	w := play(t, own, ingress())
	w.secret("web-tls", nil)
	time.Sleep(200 * time.Millisecond) // nothing to wait for: nothing is to happen
	found, err := w.Objects.Resource(certificatesResource).Namespace("shop").Get(t.Context(), "shop-tls", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, own.Object["spec"], found.Object["spec"])
}

func TestAuthoritysEndCutsTheLife(t *testing.T) {
	o := Options{Now: time.Now}
	o.CA, o.Key = authority(t, 24*time.Hour)
	key, err := privateKey{Algorithm: "ECDSA"}.generate()
	require.NoError(t, err)
	leaf, err := o.sign(certificateSpec{DNSNames: []string{"web.test"}}, key.Public())
	require.NoError(t, err)
	assert.Equal(t, o.CA.NotAfter, leaf.NotAfter)
}

func TestOptionErrors(t *testing.T) {
	var o Options
	assert.ErrorContains(t, Run(t.Context(), o), "client: missing")
	assert.ErrorContains(t, Run(t.Context(), o), "certificate or key is missing")
	o.CA, _ = authority(t, time.Hour)
	_, o.Key = authority(t, time.Hour)
	assert.ErrorContains(t, Run(t.Context(), o), "the key is not that of the certificate")
}
