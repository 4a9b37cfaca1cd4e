package components

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	apiextensions "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeEdge = "platform:components:Edge" // the state remembers it: change it only with an alias

// edgeName labels the objects of the edge and starts their names.
const edgeName = "edge"

// Edge publishes the application under its host name, with TLS.
type Edge struct {
	pulumi.ResourceState
	URL string `pulumi:"url"`
}

// EdgeArgs shapes the edge. Everything is required, but Class for a Route.
type EdgeArgs struct {
	App       App
	Kind      string // ingress, gateway or route
	Name      string // of the main object; the others' names start with it
	Host      string
	Class     string // IngressClass or GatewayClass
	Issuer    string // cert-manager ClusterIssuer
	TLSSecret string // where the certificate is kept
	Paths     []PathRule
}

// PathRule sends requests whose path starts with Prefix to a Service. The
// longest prefix wins, whatever the order; the path is passed on as it is.
type PathRule struct {
	Prefix  string // such as /api
	Service string
	Port    int
}

// publishers makes the objects of each kind of edge.
var publishers = map[string]func(EdgeArgs, *pulumi.Context, string, ...pulumi.ResourceOption) error{
	"ingress": EdgeArgs.publishIngress,
	"gateway": EdgeArgs.publishGateway,
	"route":   EdgeArgs.publishRoute,
}

// Validate returns every fault at once.
func (a EdgeArgs) Validate() error {
	faults := []error{
		required("name", a.Name), required("host", a.Host), required("issuer", a.Issuer), required("tlsSecret", a.TLSSecret),
	}
	if publishers[a.Kind] == nil {
		faults = append(faults, fmt.Errorf("kind: %q is not one of %s; choose one", a.Kind, strings.Join(edgeKinds(), ", ")))
	}
	if a.Class == "" && a.Kind != "route" {
		faults = append(faults, errors.New("class: is missing; name the class of the controller that serves the host"))
	}
	if len(a.Paths) == 0 {
		faults = append(faults, errors.New("paths: there is none, so nothing would be served; give one"))
	}
	seen := map[string]bool{}
	for i, p := range a.Paths {
		if err := p.validate(seen[p.path()]); err != nil {
			faults = append(faults, fmt.Errorf("paths[%d]: %w", i, err))
		}
		seen[p.path()] = true
	}
	return errors.Join(faults...)
}

// path is the prefix without the slash at its end, which means nothing to any
// kind of edge.
func (p PathRule) path() string { return strings.TrimSuffix(p.Prefix, "/") }

func (p PathRule) validate(seen bool) error {
	switch {
	case !strings.HasPrefix(p.Prefix, "/"):
		return fmt.Errorf("%q does not start with /; put one in front", p.Prefix)
	case seen:
		return fmt.Errorf("%q is there twice; keep one", p.Prefix)
	case p.Port < 1 || p.Port > 65535:
		return fmt.Errorf("%d is no port; use 1 to 65535", p.Port)
	}
	return required("service", p.Service)
}

func edgeKinds() []string {
	kinds := make([]string, 0, len(publishers))
	for kind := range publishers {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	return kinds
}

// NewEdge registers the edge.
func NewEdge(ctx *pulumi.Context, name string, args EdgeArgs, opts ...pulumi.ResourceOption) (*Edge, error) {
	if err := join("edge", name, args.Validate()); err != nil {
		return nil, err
	}
	e := &Edge{URL: "https://" + args.Host}
	if err := ctx.RegisterComponentResource(typeEdge, name, e, opts...); err != nil {
		return nil, fmt.Errorf("register edge %q: %w", name, err)
	}
	if err := publishers[args.Kind](args, ctx, name, pulumi.Parent(e)); err != nil {
		return nil, fmt.Errorf("edge %q %s: %w", name, args.Kind, err)
	}
	if err := ctx.RegisterResourceOutputs(e, pulumi.Map{"url": pulumi.String(e.URL)}); err != nil {
		return nil, fmt.Errorf("edge %q outputs: %w", name, err)
	}
	return e, nil
}

// custom registers an object of a kind that the SDK has no type for.
func (a EdgeArgs) custom(ctx *pulumi.Context, name, apiVersion, kind, object string, spec kubernetes.UntypedArgs, opts ...pulumi.ResourceOption) error {
	_, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(apiVersion),
		Kind:        pulumi.String(kind),
		Metadata:    a.App.named(edgeName, object),
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
	if err != nil {
		return fmt.Errorf("%s %q: %w", kind, object, err)
	}
	return nil
}

// newCertificate asks cert-manager for the host's certificate. It goes under
// the name of the secret that keeps it, as cert-manager itself does for an
// Ingress, so that the expiry alert finds it for each kind of edge.
func (a EdgeArgs) newCertificate(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	return a.custom(ctx, name+"-certificate", "cert-manager.io/v1", "Certificate", a.TLSSecret, kubernetes.UntypedArgs{
		"secretName": a.TLSSecret,
		"dnsNames":   []string{a.Host},
		"issuerRef":  map[string]any{"name": a.Issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
		"privateKey": map[string]any{"rotationPolicy": "Always"},
	}, opts...)
}
