package mutation

import "platform/policy/pack"

const groupLabels = "labels"

// A selector that does not mean the pods of its template the API server refuses.
var labels = []Operator{
	{Group: groupLabels, Name: "label of the platform", At: "metadata labels app.kubernetes.io/part-of", Do: []Change{removed}},
	{Group: groupLabels, Name: "label of who manages", At: "metadata labels app.kubernetes.io/managed-by", Do: []Change{removed}},
	{Group: groupLabels, Name: "label of the environment", At: "metadata labels platform/environment", Do: []Change{removed, replaced("another")}},
	{Group: groupLabels, Name: "label that is selected by", Kinds: pack.PodKinds, At: "pod metadata labels app.kubernetes.io/instance", Do: []Change{set("nobody")}},
	{Group: groupLabels, Name: "namespace", Kinds: pack.PodKinds, At: "metadata namespace", Do: []Change{set("default"), removed}},
}
