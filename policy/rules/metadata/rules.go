// Package metadata holds the rules about what objects say of themselves: their
// labels and the version of their API.
package metadata

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	standardLabels,
	podLabels,
	oneEnvironment,
	apiServed,
	apiDeprecated,
	podAsWorkload,
	saysManager,
}
