// Package access holds the rules about what accounts may ask of the Kubernetes
// API.
package access

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	clusterAdmin,
	noWildcards,
	noEscalation,
	noExecution,
	noTakeover,
	secretsByName,
	subjectsAreOurs,
	roleExists,
	grantsListed,
	boundOnce,
	noAggregation,
}
