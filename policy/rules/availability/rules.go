package availability

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	servingPods,
	scaledReplicas,
	autoscalerTarget,
	autoscalerRoom,
	autoscalerMeasure,
	budgetExists,
	budgetGives,
	budgetUnhealthy,
	spread,
	volumeTakesOnePod,
	hostDaemon,
	selectorOwnPods,
	selectorFrozen,
	selectorApart,
	budgetKeeps,
	folderTakesOnePod,
}
