// Package edge publishes the co2-calculator: as an Ingress, through the
// Gateway API, or as a Route of OpenShift.
package edge

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/certificate"
	"platform/components/object"
	"platform/config"
)

// edgeName labels the objects of the edge and starts their names.
const edgeName = "edge"

// Edge publishes the application under its host name, with TLS.
type Edge struct {
	pulumi.ResourceState
}

// Args shapes the edge.
type Args struct {
	config.Edge
	App   object.App
	Name  string // of the main object; the others' names start with it
	Paths []PathRule
}

// PathRule sends requests whose path starts with Prefix to a Service. The
// longest prefix wins, whatever the order; the path is passed on as it is.
type PathRule struct {
	Prefix  string // such as /api
	Service string
	Port    int
}

// path is the prefix without the slash at its end, which means nothing to any
// kind of edge.
func (p PathRule) path() string { return strings.TrimSuffix(p.Prefix, "/") }

// New registers the edge.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Edge, error) {
	return object.Register(ctx, "Edge", name, &Edge{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		switch args.Kind {
		case config.EdgeGateway:
			return nil, args.publishGateway(ctx, name, child)
		case config.EdgeRoute:
			return nil, args.publishRoute(ctx, name, child)
		default:
			return nil, args.publishIngress(ctx, name, child)
		}
	})
}

// newCertificate asks cert-manager for the host's certificate. It goes under
// the name of the secret that keeps it, as cert-manager itself does for an
// Ingress, so that the expiry alert finds it for each kind of edge.
func (a Args) newCertificate(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	key := map[string]any{"rotationPolicy": "Always"}
	_, err := object.NewCustom(ctx, name+"-certificate",
		certificate.Request(a.App.Named(edgeName, a.TLSSecret), a.TLSSecret, a.Issuer, []string{a.Host}, key), opts...)
	return err
}

// object is one that the SDK has no type for.
func (a Args) object(apiVersion, kind, name string, spec map[string]any) object.Custom {
	return object.Custom{APIVersion: apiVersion, Kind: kind, Metadata: a.App.Named(edgeName, name), Spec: spec}
}
