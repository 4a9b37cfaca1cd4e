// The modules whose CustomResourceDefinitions the embedded cluster serves.
// Nothing of them is built: the toolchain downloads exactly these four, checks
// them by go.sum and copies the YAML files out.
module platform/tools/crds

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/openshift/api v0.0.0-20251015095338-264e80a2b6e7
	github.com/prometheus-operator/prometheus-operator v0.85.0
	sigs.k8s.io/gateway-api v1.6.0
)

// cert-manager asks for a newer Gateway API than clusters commonly serve; the
// older schema is the stricter one to test against.
replace sigs.k8s.io/gateway-api => sigs.k8s.io/gateway-api v1.4.0
