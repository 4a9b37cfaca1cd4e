// Package network holds the rules about namespaces and about who may reach
// whom: NetworkPolicies, and Calico's on the nodes themselves.
package network

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	namespaceIsNamed,
	namespaceLevels,
	namespaceEnforces,
	ingressDenied,
	egressDenied,
	dnsAllowed,
	podSelected,
	policySelects,
	peersExist,
	openIngress,
	openEgress,
	metadataAddress,
	calicoOrder,
	calicoFailsafe,
	calicoHosts,
	calicoAllow,
	calicoStages,
	hostPorts,
	quotaExists,
	limitRangeExists,
	portsNamed,
	portsDeclared,
	peersNamed,
	policyTypes,
	policyForAll,
	quotaBounds,
	namespaceRecords,
}
