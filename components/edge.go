package components

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// edgeName labels the objects of the edge and starts their names.
const edgeName = "edge"

// Edge publishes the application under its host name, with TLS.
type Edge struct {
	pulumi.ResourceState
}

// EdgeArgs shapes the edge.
type EdgeArgs struct {
	config.Edge
	App   App
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

// NewEdge registers the edge.
func NewEdge(ctx *pulumi.Context, name string, args EdgeArgs, opts ...pulumi.ResourceOption) (*Edge, error) {
	return register(ctx, "Edge", name, &Edge{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
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
func (a EdgeArgs) newCertificate(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	key := map[string]any{"rotationPolicy": "Always"}
	_, err := newCustom(ctx, name+"-certificate",
		certificate(a.App.named(edgeName, a.TLSSecret), a.TLSSecret, a.Issuer, []string{a.Host}, key), opts...)
	return err
}

// object is one that the SDK has no type for.
func (a EdgeArgs) object(apiVersion, kind, name string, spec map[string]any) custom {
	return custom{apiVersion: apiVersion, kind: kind, metadata: a.App.named(edgeName, name), spec: spec}
}
