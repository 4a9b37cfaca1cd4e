package mutation

import "slices"

const groupCertificates = "certificates"

var (
	certificateKinds = []string{"Certificate"}
	issuerKinds      = []string{"ClusterIssuer", "Issuer"}
)

var certificates = []Operator{
	{Group: groupCertificates, Name: "the certificate", Kinds: certificateKinds},
	{Group: groupCertificates, Name: "issuer", Kinds: certificateKinds, At: "spec issuerRef name", Do: []Change{set("nobody")}},
	{Group: groupCertificates, Name: "kind of the issuer", Kinds: certificateKinds, At: "spec issuerRef kind", Do: []Change{set("Issuer")}},
	{Group: groupCertificates, Name: "dnsNames", Kinds: certificateKinds, At: "spec dnsNames", Do: []Change{removed, emptied, appended("another", "*.example.org")}},
	{Group: groupCertificates, Name: "name", Kinds: certificateKinds, At: "spec dnsNames *", Do: []Change{removed, set("other.example")}},
	{Group: groupCertificates, Name: "secretName", Kinds: certificateKinds, At: "spec secretName", Do: []Change{set("another-tls")}},
	{Group: groupCertificates, Name: "algorithm", Kinds: certificateKinds, At: "spec privateKey", Do: []Change{set(map[string]any{"algorithm": "RSA", "size": 1024, "rotationPolicy": "Always"})}},
	{Group: groupCertificates, Name: "rotationPolicy", Kinds: certificateKinds, At: "spec privateKey rotationPolicy", Do: []Change{removed, set("Never")}},
	{Group: groupCertificates, Name: "isCA", Kinds: certificateKinds, At: "spec isCA", Do: []Change{set(true)}},
	{Group: groupCertificates, Name: "the issuer", Kinds: issuerKinds},
	{Group: groupCertificates, Name: "server", Kinds: issuerKinds, At: "spec acme server", Do: []Change{set("http://acme.example/directory")}},
	{Group: groupCertificates, Name: "server", Kinds: issuerKinds, At: "spec acme server", Where: earnest, Do: []Change{set("https://acme-staging-v02.api.letsencrypt.org/directory")}},
	{Group: groupCertificates, Name: "skipTLSVerify", Kinds: issuerKinds, At: "spec acme skipTLSVerify", Do: []Change{set(true)}},
	{Group: groupCertificates, Name: "token", Kinds: issuerKinds, At: "spec acme solvers * dns01 cloudflare apiTokenSecretRef", Do: []Change{removed}},
	{Group: groupCertificates, Name: "self-signed", Kinds: issuerKinds, At: "spec", Where: earnest, Do: []Change{set(map[string]any{"selfSigned": map[string]any{}})}},
}

// earnest leaves out the stacks for trying out, whose certificates no browser
// has to trust.
func earnest(s Site) bool {
	return !slices.Contains([]string{"dev", "k3s-local", "local"}, s.Stack.Name)
}
