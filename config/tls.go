package config

import (
	"fmt"
	"slices"
	"strings"
)

// CertificateSource says where the wildcard certificate comes from.
type CertificateSource string

// The sources of the wildcard certificate.
const (
	CertificateIssued   CertificateSource = "cert-manager" // issued and renewed by cert-manager
	CertificateProvided CertificateSource = "secrets"      // read from the secret source
	CertificateExisting CertificateSource = "existing"     // a Secret that somebody else keeps
)

// CertificateSources lists every [CertificateSource].
var CertificateSources = []CertificateSource{CertificateIssued, CertificateProvided, CertificateExisting}

// WildcardTLS configures the certificate that the gateway serves.
type WildcardTLS struct {
	Source CertificateSource `key:"source"` // default cert-manager
	Secret string            `key:"secret"` // default eddisonso-wildcard-tls
	Issuer string            `key:"issuer"` // ClusterIssuer; default letsencrypt-cloudflare
	Email  string            `key:"email"`  // of the ACME account; needed with cert-manager
	Hosts  []string          `key:"hosts"`  // default DOMAIN, *.DOMAIN and *.cloud.DOMAIN
}

const (
	// DefaultCertificateSource has the certificate renewed by itself.
	DefaultCertificateSource = CertificateIssued
	// DefaultWildcardSecret holds the certificate that the gateway serves.
	DefaultWildcardSecret = "eddisonso-wildcard-tls"
	// DefaultWildcardIssuer proves the domain by DNS, as a wildcard demands.
	DefaultWildcardIssuer = "letsencrypt-cloudflare"
)

func (t *WildcardTLS) applyDefaults(domain string) {
	setDefault(&t.Source, DefaultCertificateSource)
	setDefault(&t.Secret, DefaultWildcardSecret)
	if t.Source == CertificateIssued {
		setDefault(&t.Issuer, DefaultWildcardIssuer)
	}
	setList(&t.Hosts, []string{domain, "*." + domain, "*.cloud." + domain})
}

// validateCertificate is a rule across parts: a made-up password is as good as
// any, a made-up certificate is none.
func (c *EddCloud) validateCertificate(into *collector) {
	if c.TLS.Source == CertificateProvided && c.Secrets.Source == SourceGenerated {
		into.add("tls.source", fmt.Sprintf("choose %s or %s", CertificateIssued, CertificateExisting),
			"%q reads the certificate from the source of secrets, and %q makes none", c.TLS.Source, c.Secrets.Source)
	}
}

func (t WildcardTLS) validate(into *collector, domain string) {
	const key = "tls"
	into.name(key+".secret", t.Secret, "a Secret")
	if oneOf(into, key+".source", t.Source, CertificateSources) && t.Source == CertificateIssued && into.clean(key+".source") {
		into.name(key+".issuer", t.Issuer, "a ClusterIssuer")
		into.email(key+".email", t.Email)
	}
	if len(t.Hosts) == 0 {
		into.add(key+".hosts", "list hosts, or leave it out,", "it lists none")
	}
	if !into.clean("domain") {
		return // the hosts that are left out lie under it
	}
	for i, host := range t.Hosts {
		at := fmt.Sprintf("%s.hosts[%d]", key, i)
		bare := strings.TrimPrefix(host, "*.")
		if into.host(at, bare, domain+" or *."+domain) {
			into.under(at, bare, domain)
		}
		if slices.Index(t.Hosts, host) < i {
			into.add(at, "remove one of the two", "%q is listed already", host)
		}
	}
}
