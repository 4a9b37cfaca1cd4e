// Package certificate has cert-manager issue certificates.
package certificate

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

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

// Wildcard has cert-manager issue a certificate into a Secret, and
// renew it. A wildcard is proved by DNS alone, so nothing has to be reachable.
//
// Nothing waits until it is issued: the proof takes minutes, a cluster
// without cert-manager never gives it, and a pod that mounts the Secret waits
// by itself until it is there.
type Wildcard struct {
	pulumi.ResourceState
	Certificate pulumi.Resource // what asks for the Secret, for what is to come after
}

// WildcardArgs shapes the certificate. The Certificate has the name of its
// Secret, and the key of the ACME account that of the issuer, which is made too.
type WildcardArgs struct {
	config.WildcardTLS
	App object.App
}

// NewWildcard registers the issuer and the certificate. cert-manager
// must run in the cluster already.
func NewWildcard(ctx *pulumi.Context, name string, args WildcardArgs, opts ...pulumi.ResourceOption) (*Wildcard, error) {
	c := &Wildcard{}
	return object.Register(ctx, "WildcardCertificate", name, c, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		if _, err := object.NewCustom(ctx, name+"-issuer", args.issuer(), child); err != nil {
			return nil, err
		}
		var err error
		c.Certificate, err = object.NewCustom(ctx, name, args.certificate(), child)
		return nil, err
	})
}

func (a WildcardArgs) issuer() object.Custom {
	token := map[string]any{"name": dnsTokenSecret, "key": dnsTokenKey}
	return object.Custom{
		APIVersion: certManagerAPI, Kind: "ClusterIssuer", Metadata: a.App.Global("certificate", a.Issuer),
		Spec: map[string]any{"acme": map[string]any{
			"server": acmeServer, "email": a.Email, "privateKeySecretRef": map[string]any{"name": a.Issuer},
			"solvers": []any{map[string]any{"dns01": map[string]any{
				"cloudflare": map[string]any{"apiTokenSecretRef": token},
			}}},
		}},
	}
}

// certificate gets a fresh key at each renewal, so that a stolen one is worth
// three months at most.
func (a WildcardArgs) certificate() object.Custom {
	return Request(a.App.Named("certificate", a.Secret), a.Secret, a.Issuer, a.Hosts, map[string]any{
		"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always",
	})
}

// Request asks cert-manager to issue a certificate into a Secret.
func Request(meta *metav1.ObjectMetaArgs, secret, issuer string, hosts []string, key map[string]any) object.Custom {
	return object.Custom{
		APIVersion: certManagerAPI, Kind: "Certificate", Metadata: meta,
		Spec: map[string]any{
			"secretName": secret,
			"dnsNames":   hosts,
			"issuerRef":  map[string]any{"name": issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
			"privateKey": key,
		},
	}
}
