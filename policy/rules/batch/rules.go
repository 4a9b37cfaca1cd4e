package batch

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	overlap,
	schedule,
	timeZone,
	startingDeadline,
	history,
	deadline,
	retries,
	ttl,
	contentHash,
	barePod,
	runsAtAll,
	zoneKnown,
	jobEnds,
}
