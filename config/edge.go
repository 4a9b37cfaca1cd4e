package config

// EdgeKind is the API that publishes the application.
type EdgeKind string

// The kinds of edge.
const (
	EdgeIngress EdgeKind = "ingress" // networking.k8s.io Ingress
	EdgeGateway EdgeKind = "gateway" // gateway.networking.k8s.io Gateway and HTTPRoute
	EdgeRoute   EdgeKind = "route"   // route.openshift.io Route
)

// EdgeKinds lists every [EdgeKind].
var EdgeKinds = []EdgeKind{EdgeIngress, EdgeGateway, EdgeRoute}

// Edge configures how requests from EPFL's network reach the application.
type Edge struct {
	Kind      EdgeKind `key:"kind"`      // default ingress
	Host      string   `key:"host"`      // DNS name, without scheme
	Class     string   `key:"class"`     // IngressClass or GatewayClass; default nginx; no meaning for a Route
	Issuer    string   `key:"issuer"`    // cert-manager ClusterIssuer; default letsencrypt-prod
	TLSSecret string   `key:"tlsSecret"` // default co2calculator-tls
}

const (
	// DefaultEdgeKind is the API that the cluster serves today.
	DefaultEdgeKind = EdgeIngress
	// DefaultEdgeClass is the class of the cluster's controller.
	DefaultEdgeClass = "nginx"
	// DefaultIssuer is the ClusterIssuer that asks Let's Encrypt.
	DefaultIssuer = "letsencrypt-prod"
	// DefaultTLSSecret holds the certificate of the host.
	DefaultTLSSecret = "co2calculator-tls"
)

// exampleHost is a name as EPFL writes them.
const exampleHost = "co2calculator.epfl.ch"

func (e *Edge) applyDefaults() {
	setDefault(&e.Kind, DefaultEdgeKind)
	setDefault(&e.Issuer, DefaultIssuer)
	setDefault(&e.TLSSecret, DefaultTLSSecret)
	if e.Kind != EdgeRoute { // a Route has no class
		setDefault(&e.Class, DefaultEdgeClass)
	}
}

func (e Edge) validate(into *collector) {
	const key = "edge"
	into.host(key+".host", e.Host, exampleHost)
	into.name(key+".issuer", e.Issuer, "a ClusterIssuer")
	into.name(key+".tlsSecret", e.TLSSecret, "a Secret")
	if oneOf(into, key+".kind", e.Kind, EdgeKinds) && e.Kind != EdgeRoute {
		into.name(key+".class", e.Class, "a class of the ingress controller")
	}
}
