package mutation

import "platform/policy/pack"

const groupResources = "resources"

// What the API server refuses is no mutant: a request beyond its limit. How much a
// program may write is its own choice, as long as it is bounded.
var resources = []Operator{
	{Group: groupResources, Name: "resources", Kinds: pack.PodKinds, At: containers + "resources", Do: []Change{removed}},
	{Group: groupResources, Name: "limits or requests", Kinds: pack.PodKinds, At: containers + "resources limits|requests", Do: []Change{removed}},
	{Group: groupResources, Name: "limit or request", Kinds: pack.PodKinds, At: containers + "resources limits|requests cpu|memory", Do: []Change{removed}},
	{Group: groupResources, Name: "limit of processors", Kinds: pack.PodKinds, At: containers + "resources limits cpu", Do: []Change{set("640")}},
	{Group: groupResources, Name: "limit of memory", Kinds: pack.PodKinds, At: containers + "resources limits memory", Do: []Change{set("1Ti")}},
	{Group: groupResources, Name: "sizeLimit", Kinds: pack.PodKinds, At: "pod spec volumes * emptyDir sizeLimit", Do: []Change{removed}},
}
