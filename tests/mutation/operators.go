package mutation

import "slices"

// Operators are all, by group.
func Operators() []Operator {
	return slices.Concat(
		podSecurity, hosts, accounts, images, resources, probes, availability, networkPolicies, calico, access,
		secrets, services, ingresses, namespaces, storage, jobs, options, addresses, certificates, monitoring, labels,
	)
}
