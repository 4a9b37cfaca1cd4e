// Package plan holds the rules about how the engine is to treat a resource:
// with which provider, what it may not delete, what it may ignore or not wait
// for.
package plan

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	explicitProvider,
	namedCluster,
	carefulProvider,
	secretKubeconfig,
	orderedReplacement,
	watchedChanges,
	onceRegistered,
	awaitedObjects,
	noForce,
	protectedAlike,
}
