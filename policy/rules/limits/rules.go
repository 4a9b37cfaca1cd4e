package limits

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	requests,
	maximums,
	requestWithinLimit,
	boundedDisk,
	limitFitsNode,
	scratchFitsNode,
}
