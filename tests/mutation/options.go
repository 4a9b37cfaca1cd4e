package mutation

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"platform/policy/pack"
)

const (
	groupOptions = "options of resources"
	providerType = "pulumi:providers:kubernetes"
)

// options are those that an engine tells a policy pack: it keeps back
// retainOnDelete.
var options = []Operator{
	{Group: groupOptions, Name: "protect: dropped", Resource: func(_ *Stack, r *pack.Resource) bool {
		was := r.Options.Protect
		r.Options.Protect = false
		return was
	}},
	{Group: groupOptions, Name: "provider: dropped", Resource: func(_ *Stack, r *pack.Resource) bool {
		was := r.Provider != nil
		r.Provider = nil
		return was
	}},
	{Group: groupOptions, Name: "provider: to the default", Resource: func(_ *Stack, r *pack.Resource) bool {
		r.Provider = &pack.Provider{URN: resource.NewURN("x", "platform", "", providerType, "default_4_0_0"), Type: providerType, Name: "default_4_0_0"}
		return true
	}},
	{Group: groupOptions, Name: "ignoreChanges: of the spec", Resource: func(_ *Stack, r *pack.Resource) bool {
		r.Options.IgnoreChanges = []string{"spec"}
		return true
	}},
	{Group: groupOptions, Name: "deleteBeforeReplace: on", Kinds: []string{"Namespace", "PersistentVolumeClaim", "StatefulSet"}, Resource: func(_ *Stack, r *pack.Resource) bool {
		first := true
		r.Options.DeleteBeforeReplace = &first
		return true
	}},
	{Group: groupOptions, Name: "skipAwait", Kinds: []string{"Deployment", "StatefulSet", "Job", "DaemonSet"}, At: annotations + "pulumi.com/skipAwait", Do: []Change{set("true")}},
	{Group: groupOptions, Name: "patchForce", At: annotations + "pulumi.com/patchForce", Do: []Change{set("true")}},
	{Group: groupOptions, Name: "setting of the provider", Kinds: []string{providerType}, At: "deleteUnreachable", Do: []Change{set(true)}},
	{Group: groupOptions, Name: "setting of the provider", Kinds: []string{providerType}, At: "enablePatchForce", Do: []Change{set(true)}},
	{Group: groupOptions, Name: "kubeconfig of the provider", Kinds: []string{providerType}, At: "kubeconfig", Do: []Change{set("apiVersion: v1\nkind: Config\n")}},
}

// typeOf is a resource's type with another kind.
func typeOf(of tokens.Type, from, to string) tokens.Type {
	return tokens.Type(strings.TrimSuffix(string(of), from) + to)
}
