package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/certificate"
	"platform/components/gateway"
)

func TestWildcardCertificate(t *testing.T) {
	resources := run(t, registering("tls", certificate.NewWildcard, certificateArgs()))
	assert.Len(t, resources.names(), 2)
	certificate := resources.one(t, "Certificate")
	assert.Equal(t, "cert-manager.io/v1", certificate.Inputs["apiVersion"])
	assert.Equal(t, "eddisonso-wildcard-tls", dig(certificate.Inputs, "metadata", "name"))
	assert.Equal(t, namespaceName, dig(certificate.Inputs, "metadata", "namespace"), "where the gateway mounts it")
	assert.Equal(t, map[string]any{
		"secretName": "eddisonso-wildcard-tls",
		"dnsNames":   []any{"eddisonso.com", "*.eddisonso.com", "*.cloud.eddisonso.com"},
		"issuerRef":  map[string]any{"name": "letsencrypt-cloudflare", "kind": "ClusterIssuer", "group": "cert-manager.io"},
		"privateKey": map[string]any{"algorithm": "ECDSA", "size": 256.0, "rotationPolicy": "Always"},
	}, certificate.Inputs["spec"])
	for _, one := range resources {
		assert.Empty(t, dig(one.Inputs, "metadata", "annotations"), "nothing waits for cert-manager, which may not run")
	}
}

func TestIssuerProvesTheDomainByDNS(t *testing.T) {
	issuer := run(t, registering("tls", certificate.NewWildcard, certificateArgs())).one(t, "ClusterIssuer").Inputs
	assert.Equal(t, "letsencrypt-cloudflare", dig(issuer, "metadata", "name"))
	assert.Nil(t, dig(issuer, "metadata", "namespace"), "it has none")
	assert.Equal(t, map[string]any{"acme": map[string]any{
		"server": "https://acme-v02.api.letsencrypt.org/directory", "email": "admin@eddisonso.com",
		"privateKeySecretRef": map[string]any{"name": "letsencrypt-cloudflare"},
		"solvers": []any{map[string]any{"dns01": map[string]any{"cloudflare": map[string]any{
			"apiTokenSecretRef": map[string]any{"name": "cloudflare-api-token", "key": "api-token"},
		}}}},
	}}, issuer["spec"])
}

// The gateway's pods can be told to come after the request for what they mount.
func TestCertificateIsWaitedFor(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		tls, err := certificate.NewWildcard(ctx, "tls", certificateArgs())
		if err != nil {
			return err
		}
		_, err = gateway.New(ctx, "gateway", gatewayArgs(), pulumi.DependsOn([]pulumi.Resource{tls.Certificate}))
		return err
	})
	assert.True(t, dependsOn(resources.one(t, "Deployment", "gateway"), "Certificate", "tls"))
}
