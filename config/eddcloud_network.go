package config

// MetalLB configures the addresses that Services of type LoadBalancer get.
type MetalLB struct {
	Namespace     string        `key:"namespace"`     // where it runs; default metallb-system
	Pools         []AddressPool `key:"pools"`         // by name
	Advertisement string        `key:"advertisement"` // of all pools, by L2; default compute-l2
}

// AddressPool is a set of addresses.
type AddressPool struct {
	Name      string   `key:"name"`
	Addresses []string `key:"addresses"` // each FIRST-LAST or a network
}

// HostPolicy is the Calico policy that keeps ports of the nodes themselves open.
type HostPolicy struct {
	Name  string `key:"name"`  // default allow-host-chunkserver
	Order int    `key:"order"` // default 10
	Ports []int  `key:"ports"` // beside the chunkservers'; default 22, 6443, 10250
}

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
