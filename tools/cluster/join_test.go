package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	certificatesv1 "k8s.io/api/certificates/v1"
)

// A node must not serve as another, and nobody else as a node.
func TestMayServe(t *testing.T) {
	addresses := map[string]netip.Addr{"system:node:s0": netip.MustParseAddr("192.168.3.100"), "system:node:s1": netip.MustParseAddr("192.168.3.101")}
	type request struct {
		user, signer, name string
		groups, dns        []string
		ips                []net.IP
	}
	good := func() request {
		return request{
			user: "system:node:s0", signer: certificatesv1.KubeletServingSignerName, name: "system:node:s0",
			groups: []string{"system:nodes"}, dns: []string{"s0"}, ips: []net.IP{net.ParseIP("192.168.3.100")},
		}
	}
	for name, tc := range map[string]struct {
		change func(*request)
		may    bool
	}{
		"its own":             {func(*request) {}, true},
		"address alone":       {func(r *request) { r.dns = nil }, true},
		"another's address":   {func(r *request) { r.ips = []net.IP{net.ParseIP("192.168.3.101")} }, false},
		"a further address":   {func(r *request) { r.ips = append(r.ips, net.ParseIP("192.168.3.101")) }, false},
		"another's name":      {func(r *request) { r.dns = []string{"s1"} }, false},
		"as another":          {func(r *request) { r.name = "system:node:s1" }, false},
		"asked by another":    {func(r *request) { r.user = "system:node:s1" }, false},
		"node of no topology": {func(r *request) { r.user, r.name = "system:node:s9", "system:node:s9" }, false},
		"as an administrator": {func(r *request) { r.groups = []string{"system:nodes", "system:masters"} }, false},
		"to be a client":      {func(r *request) { r.signer = certificatesv1.KubeAPIServerClientKubeletSignerName }, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := good()
			tc.change(&r)
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			require.NoError(t, err)
			der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
				Subject: pkix.Name{CommonName: r.name, Organization: r.groups}, DNSNames: r.dns, IPAddresses: r.ips,
			}, key)
			require.NoError(t, err)
			asked := &certificatesv1.CertificateSigningRequest{}
			asked.Spec.Username, asked.Spec.SignerName = r.user, r.signer
			asked.Spec.Request = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
			assert.Equal(t, tc.may, mayServe(asked, addresses))
		})
	}
	assert.False(t, mayServe(&certificatesv1.CertificateSigningRequest{}, addresses))
}
