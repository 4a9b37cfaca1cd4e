package mutation

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

const groupNamespaces = "namespaces"

var (
	namespaceKinds = []string{"Namespace"}
	quotaKinds     = []string{"ResourceQuota"}
	podStandard    = "metadata labels pod-security.kubernetes.io/"
)

var namespaces = []Operator{
	{Group: groupNamespaces, Name: "enforce", Kinds: namespaceKinds, At: podStandard + "enforce", Do: []Change{removedUnless("privileged"), set("privileged")}},
	{Group: groupNamespaces, Name: "enforce", Kinds: namespaceKinds, At: podStandard + "enforce", Where: restrictive, Do: []Change{replaced("baseline")}},
	{Group: groupNamespaces, Name: "audit", Kinds: namespaceKinds, At: podStandard + "audit", Do: []Change{removedUnless("privileged"), set("privileged")}},
	{Group: groupNamespaces, Name: "warn", Kinds: namespaceKinds, At: podStandard + "warn", Do: []Change{removedUnless("privileged"), set("privileged")}},
	{Group: groupNamespaces, Name: "version", Kinds: namespaceKinds, At: podStandard + "enforce-version", Do: []Change{set("v1.20")}},
	{Group: groupNamespaces, Name: "environment", Kinds: namespaceKinds, At: "metadata labels platform/environment", Do: []Change{removed, set("another")}},
	{Group: groupNamespaces, Name: "the quota", Kinds: quotaKinds},
	{Group: groupNamespaces, Name: "hard", Kinds: quotaKinds, At: "spec hard", Do: []Change{removed, emptied}},
	{Group: groupNamespaces, Name: "amount", Kinds: quotaKinds, At: "spec hard *", Do: []Change{removed, set("1Ei")}},
	{Group: groupNamespaces, Name: "namespace of the quota", Kinds: quotaKinds, At: "metadata namespace", Do: []Change{set("default")}},
	{Group: groupNamespaces, Name: "scopes", Kinds: quotaKinds, At: "spec scopes", Do: []Change{appended("one", "BestEffort")}},
	{Group: groupNamespaces, Name: "the limits", Kinds: []string{"LimitRange"}},
	{Group: groupNamespaces, Name: "limits", Kinds: []string{"LimitRange"}, At: "spec limits", Do: []Change{emptied}},
	{Group: groupNamespaces, Name: "limit", Kinds: []string{"LimitRange"}, At: "spec limits * max|default|defaultRequest", Do: []Change{removed}},
}

// restrictive leaves out the namespaces of the lowest level, for which baseline
// is more.
func restrictive(s Site) bool { return s.Old.DeepEquals(resource.NewStringProperty("restricted")) }
