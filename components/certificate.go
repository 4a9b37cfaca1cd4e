package components

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeWildcardCertificate = "platform:components:WildcardCertificate" // the state remembers it: change it only with an alias

const certManagerAPI = "cert-manager.io/v1"

// acmeServer is Let's Encrypt's for certificates that browsers trust.
const acmeServer = "https://acme-v02.api.letsencrypt.org/directory"

// The token that proves the domain to be ours: cert-manager writes a record
// of Cloudflare's DNS with it. A ClusterIssuer reads Secrets of cert-manager's
// own namespace, so this one is its operator's to make and none of ours.
const (
	dnsTokenSecret = "cloudflare-api-token"
	dnsTokenKey    = "api-token"
)

// WildcardCertificate has cert-manager issue a certificate into a Secret, and
// renew it. A wildcard is proved by DNS alone, so nothing has to be reachable.
//
// Nothing waits until it is issued: the proof takes minutes, a cluster
// without cert-manager never gives it, and a pod that mounts the Secret waits
// by itself until it is there.
type WildcardCertificate struct {
	pulumi.ResourceState
	Certificate pulumi.Resource // what asks for the Secret, for what is to come after
}

// CertificateArgs shapes the certificate. Nothing has a default.
type CertificateArgs struct {
	App    App
	Secret string   // that holds tls.crt and tls.key; the Certificate has its name
	Hosts  []string // such as *.cloud.eddisonso.com, which covers one level of names
	Issuer string   // ClusterIssuer, made here too; its account's key has its name
	Email  string   // of the account, for the authority's notices; none tells of an expiry
}

// Validate returns every fault at once.
func (a CertificateArgs) Validate() error {
	faults := []error{required("secret", a.Secret), required("issuer", a.Issuer), required("email", a.Email)}
	if len(a.Hosts) == 0 {
		faults = append(faults, errors.New("hosts: there is none; list what the certificate is for"))
	}
	seen := map[string]bool{}
	for i, host := range a.Hosts {
		if name := strings.TrimPrefix(host, "*."); name == "" || strings.ContainsAny(name, "*/: ") {
			faults = append(faults, fmt.Errorf("hosts[%d]: %q is no DNS name; write NAME or *.NAME", i, host))
		}
		if seen[host] {
			faults = append(faults, fmt.Errorf("hosts[%d]: %q is there twice; keep one", i, host))
		}
		seen[host] = true
	}
	return errors.Join(faults...)
}

// NewWildcardCertificate registers the issuer and the certificate. cert-manager
// must run in the cluster already.
func NewWildcardCertificate(ctx *pulumi.Context, name string, args CertificateArgs, opts ...pulumi.ResourceOption) (*WildcardCertificate, error) {
	if err := join("certificate", name, args.Validate()); err != nil {
		return nil, err
	}
	c := &WildcardCertificate{}
	if err := ctx.RegisterComponentResource(typeWildcardCertificate, name, c, opts...); err != nil {
		return nil, fmt.Errorf("register certificate %q: %w", name, err)
	}
	if _, err := newCustom(ctx, name+"-issuer", args.issuer(), pulumi.Parent(c)); err != nil {
		return nil, fmt.Errorf("certificate %q: %w", name, err)
	}
	var err error
	if c.Certificate, err = newCustom(ctx, name, args.certificate(), pulumi.Parent(c)); err != nil {
		return nil, fmt.Errorf("certificate %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("certificate %q outputs: %w", name, err)
	}
	return c, nil
}

func (a CertificateArgs) issuer() custom {
	token := map[string]any{"name": dnsTokenSecret, "key": dnsTokenKey}
	return custom{
		apiVersion: certManagerAPI, kind: "ClusterIssuer", metadata: a.App.global("certificate", a.Issuer),
		spec: map[string]any{"acme": map[string]any{
			"server": acmeServer, "email": a.Email, "privateKeySecretRef": map[string]any{"name": a.Issuer},
			"solvers": []any{map[string]any{"dns01": map[string]any{
				"cloudflare": map[string]any{"apiTokenSecretRef": token},
			}}},
		}},
	}
}

// certificate gets a fresh key at each renewal, so that a stolen one is worth
// three months at most.
func (a CertificateArgs) certificate() custom {
	return custom{
		apiVersion: certManagerAPI, kind: "Certificate", metadata: a.App.named("certificate", a.Secret),
		spec: map[string]any{
			"secretName": a.Secret,
			"dnsNames":   a.Hosts,
			"issuerRef":  map[string]any{"name": a.Issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
			"privateKey": map[string]any{"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
		},
	}
}
