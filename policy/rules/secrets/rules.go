// Package secrets holds the rules about secrets: that none stands where
// everybody reads it, and that those which pods name are written.
package secrets

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	env,
	args,
	configMap,
	annotation,
	elsewhere,
	envNames,
	envFrom,
	referencesResolve,
	operatorTarget,
	operatorAwait,
	operatorReload,
}
