package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestCertificateFaults(t *testing.T) {
	type c = components.CertificateArgs
	refuses(t, certificateArgs, registers("tls", components.NewWildcardCertificate), map[string]fault[c]{
		"no secret":      {func(a *c) { a.Secret = "" }, `certificate "tls": secret: is missing`},
		"no issuer":      {func(a *c) { a.Issuer = "" }, "issuer: is missing"},
		"no email":       {func(a *c) { a.Email = "" }, "email: is missing"},
		"no hosts":       {func(a *c) { a.Hosts = nil }, "hosts: there is none"},
		"empty host":     {func(a *c) { a.Hosts[0] = "" }, `hosts[0]: "" is no DNS name; write NAME or *.NAME`},
		"everything":     {func(a *c) { a.Hosts[1] = "*." }, `hosts[1]: "*." is no DNS name`},
		"star inside":    {func(a *c) { a.Hosts[1] = "cloud.*.com" }, `hosts[1]: "cloud.*.com" is no DNS name`},
		"two stars":      {func(a *c) { a.Hosts[1] = "*.*.com" }, `hosts[1]: "*.*.com" is no DNS name`},
		"URL":            {func(a *c) { a.Hosts[1] = "https://eddisonso.com" }, "is no DNS name"},
		"host twice":     {func(a *c) { a.Hosts[2] = "eddisonso.com" }, `hosts[2]: "eddisonso.com" is there twice`},
		"one host alone": {func(a *c) { a.Hosts = a.Hosts[:1] }, ""},
	})
}

func TestWildcardCertificate(t *testing.T) {
	resources := run(t, registering("tls", components.NewWildcardCertificate, certificateArgs()))
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
	issuer := run(t, registering("tls", components.NewWildcardCertificate, certificateArgs())).one(t, "ClusterIssuer").Inputs
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
		tls, err := components.NewWildcardCertificate(ctx, "tls", certificateArgs())
		if err != nil {
			return err
		}
		_, err = components.NewGateway(ctx, "gateway", gatewayArgs(), []pulumi.Resource{tls.Certificate})
		return err
	})
	assert.True(t, dependsOn(resources.one(t, "Deployment", "gateway"), "Certificate", "tls"))
}
