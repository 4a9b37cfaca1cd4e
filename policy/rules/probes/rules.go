package probes

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	readiness,
	livenessPatience,
	livenessScope,
	probePort,
	startup,
	preStopFits,
	drainFits,
	probesSet,
	timeToEnd,
	waitsBeforeEnd,
	portListened,
}
