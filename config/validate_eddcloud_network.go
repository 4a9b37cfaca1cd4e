package config

import (
	"fmt"
	"slices"
	"strings"
)

// apiServerPort is where K3s serves the Kubernetes API.
const apiServerPort = 6443

func (p HostPolicy) validate(into *collector) {
	const key = "hostPolicy"
	into.name(key+".name", p.Name, "the policy, such as "+DefaultHostPolicy)
	into.positive(key+".order", p.Order)
	for i, port := range p.Ports {
		at := fmt.Sprintf("%s.ports[%d]", key, i)
		into.between(at, port, 1, 65535)
		switch {
		case slices.Contains(ChunkserverPorts, port):
			into.add(at, "remove it", "%d is the chunkservers' and open anyway", port)
		case slices.Index(p.Ports, port) < i:
			into.add(at, "remove one of the two", "%d is listed already", port)
		}
	}
	if into.clean(key+".ports") && !slices.Contains(p.Ports, apiServerPort) {
		into.add(key+".ports", fmt.Sprintf("list %d too", apiServerPort),
			"they lack %d: with the API server closed nobody could correct the policy", apiServerPort)
	}
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
