package ingress

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	ingressTLS,
	gatewayTLS,
	routeTLS,
	hostSet,
	hostsUnique,
	noSnippets,
	classAllowed,
	backendExists,
	routeParent,
	issuerExists,
	certificateTrusted,
	certificateCovers,
	noDefaultBackend,
	pathType,
	redirects,
	certificateKey,
	certificateNames,
	issuerAsks,
}
