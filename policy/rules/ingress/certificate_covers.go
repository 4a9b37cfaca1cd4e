package ingress

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var certificateCovers = pack.Rule{
	Name: "edge-has-a-certificate-for-its-hosts", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "without a Secret that somebody writes the controller answers with its own certificate, which browsers refuse",
	Remedy:    "have a Certificate for the host write the Secret, or ask an issuer by annotation",
	Reference: "https://cert-manager.io/docs/usage/certificate/",
	// Secrets that others write into the namespace.
	Parameters: map[string]any{"secrets-of-others": []any{}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Gateway", "Ingress", "Route"), func(o pack.Object) {
			if asksByAnnotation(o) {
				return
			}
			pack.Each(r, o, presented(o), func(p presentation) {
				name := p.secret.Text()
				if name == "" || slices.Contains(r.List("secrets-of-others"), name) ||
					pack.Some(s.Kinds("Secret"), func(secret pack.Object) bool { return secret.Called(name) && secret.Beside(o) }) {
					return
				}
				certificate, found := pack.First(s.Kinds("Certificate"), func(c pack.Object) bool {
					return c.At("spec", "secretName").Is(name) && c.Beside(o)
				})
				if !found {
					r.Violated(o, p.secret, "is %q, a Secret that nobody writes", name)
					return
				}
				pack.Each(r, o, p.hosts, func(host pack.Value) {
					if host.Text() != "" && !covered(certificate.At("spec", "dnsNames"), host.Text()) {
						r.Violated(o, host, "is %s, which %s is not for", host.Text(), certificate)
					}
				})
			})
		})
	},
}

// asksByAnnotation tells whether cert-manager makes the certificates of an
// object from its own hosts.
func asksByAnnotation(o pack.Object) bool {
	if o.Kind == "Route" {
		return false
	}
	annotations := o.At("metadata", "annotations")
	return annotations.At("cert-manager.io/issuer").Set() || annotations.At("cert-manager.io/cluster-issuer").Set()
}

// presentation is a certificate that an object shows for hosts.
type presentation struct {
	secret pack.Value
	hosts  []pack.Value
}

func presented(o pack.Object) []presentation {
	var all []presentation
	switch o.Kind {
	case "Route":
		all = append(all, presentation{o.At("spec", "tls", "externalCertificate", "name"), []pack.Value{o.At("spec", "host")}})
	case "Ingress":
		for _, entry := range o.At("spec", "tls").Items() {
			all = append(all, presentation{entry.At("secretName"), entry.At("hosts").Items()})
		}
	case "Gateway":
		for _, listener := range o.At("spec", "listeners").Items() {
			for _, ref := range listener.At("tls", "certificateRefs").Items() {
				if namespace := ref.At("namespace").Text(); namespace == "" || inNamespace(o, namespace) {
					all = append(all, presentation{ref.At("name"), []pack.Value{listener.At("hostname")}})
				}
			}
		}
	}
	return all
}
