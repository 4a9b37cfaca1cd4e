package mutation

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const groupAccounts = "accounts of pods"

var accounts = []Operator{
	{Group: groupAccounts, Name: "automountServiceAccountToken of the pod", Kinds: pack.PodKinds, At: "pod spec automountServiceAccountToken", Where: unbound, Do: []Change{set(true)}},
	{Group: groupAccounts, Name: "automountServiceAccountToken of the account", Kinds: []string{"ServiceAccount"}, At: "automountServiceAccountToken", Do: []Change{set(true), removed}},
	{Group: groupAccounts, Name: "serviceAccountName", Kinds: pack.PodKinds, At: "pod spec serviceAccountName", Do: []Change{removed, set("default"), anotherAccount}},
	{Group: groupAccounts, Name: "volumes", Kinds: pack.PodKinds, At: "pod spec volumes", Where: unbound, Do: []Change{appended("a token", map[string]any{
		"name": "token", "projected": map[string]any{"sources": []any{map[string]any{"serviceAccountToken": map[string]any{"path": "token"}}}},
	})}},
	{Group: groupAccounts, Name: "the account", Kinds: []string{"ServiceAccount"}, Do: nil},
}

// unbound leaves out the pods that call the API, and have a token for it.
func unbound(s Site) bool {
	pod, _ := s.Object.Pod()
	return !pod.Spec.At("automountServiceAccountToken").True()
}

// anotherAccount is one that the stack gives rights to, or else any other.
var anotherAccount = Change{"to another's", func(s Site) (resource.PropertyValue, bool) {
	own, _ := s.Object.Pod()
	name := ""
	for _, o := range s.Stack.objects {
		if o.Kind == "ServiceAccount" && o.Namespace() == s.Object.Namespace() && !own.Spec.At("serviceAccountName").Is(o.Name()) {
			if name == "" || o.Name() == "edd-compute" {
				name = o.Name()
			}
		}
	}
	return resource.NewStringProperty(name), name != ""
}}
