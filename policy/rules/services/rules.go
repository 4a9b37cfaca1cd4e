package services

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	selectsPods,
	targetPort,
	portNames,
	allowedType,
	externalIPs,
	balancerPorts,
	balancerNodePorts,
	balancerAddress,
	balancerShared,
	poolAnnounced,
	poolsApart,
	hasSelector,
	readyPods,
	addressField,
	nodePortFixed,
	poolSmall,
	announcementNamed,
}
