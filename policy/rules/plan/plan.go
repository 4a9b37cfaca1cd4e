// Package plan holds the rules about how the engine is to treat a resource:
// with which provider, what it may not delete, what it may ignore or not wait
// for.
package plan

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// skipAwait has the provider not wait until an object is ready.
const skipAwait = "pulumi.com/skipAwait"

// reckless are settings of the provider that lose what is there.
var reckless = []string{"deleteUnreachable", "enablePatchForce"}

// providerType is that of the resource that speaks with a cluster.
const providerType = "pulumi:providers:kubernetes"

// clusterDecision is why a provider has the settings that it has.
const clusterDecision = "docs/decisions/0005-no-strict-mode.md"

// defaultProvider matches the names that the engine gives to providers of its
// own making: with a version, and without.
var defaultProvider = regexp.MustCompile(`^default(?:_|$)`)

// collections are components that make other objects: they have no provider
// themselves.
var collections = []string{"Chart", "ConfigFile", "ConfigGroup", "Directory"}

// patchForce has the provider take fields from other managers.
const patchForce = "pulumi.com/patchForce"

// stateful are the kinds with which data go.
var stateful = []string{"CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Plan, []pack.Rule{
	{
		Name: "object-has-an-explicit-provider", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a default provider goes where the kubeconfig of whoever deploys points at that moment",
		Remedy:    "pass the stack's provider to the component above, and keep pulumi:disable-default-providers at *",
		Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/2423",
		Object: func(o pack.Object, r *pack.Report) {
			switch {
			case o.Kind == "" || slices.Contains(collections, o.Kind):
			case o.Provider == nil:
				r.Violated(o, pack.Value{}, "has no provider")
			case string(o.Provider.Type) != providerType:
				r.Violated(o, pack.Value{}, "has a provider of type %s", o.Provider.Type)
			case defaultProvider.MatchString(o.Provider.Name):
				r.Violated(o, pack.Value{}, "has the default provider %s", o.Provider.Name)
			}
		},
	},
	{
		Name: "provider-names-its-cluster", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "without a context the current one of the kubeconfig decides; without an identifier another path or login looks like another cluster, and everything is replaced",
		Remedy:    "set context and clusterIdentifier of the provider",
		Reference: clusterDecision,
		Object: ofProviders(func(o pack.Object, r *pack.Report) {
			if o.At("renderYamlToDirectory").Text() != "" { // asks no cluster
				return
			}
			pack.Each(r, o, []string{"context", "clusterIdentifier"}, func(setting string) {
				if value := o.At(setting); value.Text() == "" {
					r.Violated(o, value, "is missing")
				}
			})
		}),
	},
	{
		Name: "provider-loses-nothing", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "deleteUnreachable drops from the state whatever a cluster that is away has; enablePatchForce takes every field from whoever else sets it",
		Remedy:    "remove the setting; give one object the annotation pulumi.com/patchForce for one run where it must be taken over",
		Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/2037",
		Object: ofProviders(func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, reckless, func(setting string) {
				if value := o.At(setting); on(value) {
					r.Violated(o, value, "is on")
				}
			})
		}),
	},
	{
		Name: "provider-kubeconfig-is-a-path-or-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a kubeconfig that is not marked stands in clear in the state, with its keys",
		Remedy:    "pass a path, or mark the content with pulumi.ToSecret",
		Reference: "https://www.pulumi.com/docs/iac/concepts/secrets/",
		Object: ofProviders(func(o pack.Object, r *pack.Report) {
			if kubeconfig := o.At("kubeconfig"); !kubeconfig.Secret() && strings.ContainsAny(kubeconfig.Text(), "\n{") {
				r.Violated(o, kubeconfig, "is a whole kubeconfig that is not marked secret")
			}
		}),
	},
	// It is about what the program asks for; what the provider does
	// with fixed names is no option of the resource.
	{
		Name: "stateful-object-is-not-deleted-first", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "deleted before its replacement, a claim takes its data along, and a replacement that fails leaves nothing",
		Remedy:    "remove DeleteBeforeReplace from the resource",
		Reference: "https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/",
		Kinds:     stateful,
		Object: func(o pack.Object, r *pack.Report) {
			if first := o.Options.DeleteBeforeReplace; first != nil && *first {
				r.Violated(o, pack.Value{}, "is deleted before it is replaced")
			}
		},
	},
	{
		Name: "changes-are-ignored-where-agreed", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "what is ignored drifts unseen, and a value that the program no longer sends may be removed from the object",
		Remedy:    "leave the field to its owner by not setting it, or agree on it as Kind/path in the rule's parameter",
		Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/1075",
		Object: func(o pack.Object, r *pack.Report) {
			for _, path := range o.Options.IgnoreChanges {
				of := o.Kind
				if of == "" {
					of = o.Type // of what is no object, such as a provider
				}
				if !slices.Contains(r.List("agreed"), of+"/"+path) {
					r.Violated(o, pack.Value{}, "ignores changes of %s", path)
				}
			}
		},
		// The replicas are an autoscaler's, which a rule of its own sees to. Another
		// identifier would make another cluster of the same one.
		Parameters: map[string]any{"agreed": []any{"Deployment/spec.replicas", providerType + "/clusterIdentifier"}},
	},
	{
		Name: "object-is-registered-once", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "two resources for one object overwrite each other at every deployment, and the removal of either deletes it",
		Remedy:    "register the object once, or give the second a name of its own",
		Reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
		Stack: func(s *pack.Stack, r *pack.Report) {
			type place struct{ group, kind, namespace, name string }
			seen := map[place]pack.Object{}
			pack.Each(r, nil, s.Objects, func(o pack.Object) {
				if name := o.At("metadata", "name"); o.Kind == "" || strings.HasSuffix(o.Kind, "Patch") || !name.Known() || !name.Set() {
					return // a name that is not known yet is made of what the object holds, and so its own
				}
				at := place{group(o), o.Kind, o.At("metadata", "namespace").Text(), o.At("metadata", "name").Text()}
				if first, twice := seen[at]; twice {
					r.Violated(o, o.At("metadata", "name"), "is the object of %s as well", first.Logical)
					return
				}
				seen[at] = o
			})
		},
	},
	{
		Name: "object-is-awaited", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a run that waits for nothing ends well while the pods crash, and what depends on them starts before them",
		Remedy:    "remove the annotation pulumi.com/skipAwait; bound the wait by a timeout instead",
		Reference: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations",
		Object: func(o pack.Object, r *pack.Report) {
			skip := o.At("metadata", "annotations", skipAwait)
			if on(skip) && !slices.Contains(r.List("kinds"), o.Kind) && !withoutPods(o) {
				r.Violated(o, skip, "is true")
			}
		},
		// A Deployment without pods has nothing to wait for. The wait for a Service's endpoints costs 10 s, and behind each is a
		// workload that is awaited anyway.
		Parameters: map[string]any{"kinds": []any{"Service"}},
	},
	{
		Name: "object-takes-no-field-by-force", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "with the annotation left in place, every run undoes what autoscalers and operators set, and says nothing",
		Remedy:    "use it for the one run that takes an object over, then remove it",
		Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/3290",
		Object: func(o pack.Object, r *pack.Report) {
			if force := o.At("metadata", "annotations", patchForce); on(force) {
				r.Violated(o, force, "is true")
			}
		},
	},
	{
		Name: "objects-of-a-kind-are-protected-alike", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "one Secret that is not protected among others that are is an omission, and a password that the data were written with goes with it",
		Remedy:    "pass Protect to all of them",
		Reference: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
		// Of other kinds data-is-protected asks one by one.
		Parameters: map[string]any{"kinds": []any{"Secret"}},
		Stack: func(s *pack.Stack, r *pack.Report) {
			for _, kind := range r.List("kinds") {
				protected := func(o pack.Object) bool { return o.Options.Protect }
				all := s.Kinds(kind)
				if !slices.ContainsFunc(all, protected) {
					continue
				}
				for _, o := range all {
					if !protected(o) {
						r.Violated(o, pack.Value{}, "is not protected, and others of its kind are")
					}
				}
			}
		},
	},
})

// withoutPods reports whether an object states that it runs none.
func withoutPods(o pack.Object) bool {
	replicas := o.At("spec", "replicas")
	return replicas.Set() && replicas.Int() == 0
}

// on is a switch of a provider: the engine hands some of them over as text.
func on(value pack.Value) bool {
	if value.IsText() {
		return value.Is("true")
	}
	return value.True()
}

// ofProviders checks providers of Kubernetes alone.
func ofProviders(check func(o pack.Object, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		if o.Type == providerType {
			check(o, r)
		}
	}
}

// group is an object's API group: one object may be asked for in several
// versions of it.
func group(o pack.Object) string {
	group, _, found := strings.Cut(o.APIVersion, "/")
	if !found {
		return ""
	}
	return group
}
