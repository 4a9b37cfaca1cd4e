// Package access holds the rules about what accounts may ask of the Kubernetes
// API.
package access

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/settings"
)

// goodPractices is where most of these rules come from.
const goodPractices = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"

// The kinds that rules check.
var (
	roleKinds    = []string{"ClusterRole", "Role"}
	bindingKinds = []string{"ClusterRoleBinding", "RoleBinding"}
)

// all is a wildcard of RBAC.
const all = "*"

// reads are verbs that change nothing.
var reads = []string{"get", "list", "watch"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Access, []pack.Rule{
	{
		Name: "no-cluster-admin", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "whoever takes over one pod of such an account has the cluster",
		Remedy:    "bind a role with the few verbs and resources that are used",
		Reference: goodPractices,
		Kinds:     bindingKinds,
		Object: func(o pack.Object, r *pack.Report) {
			if role := o.At("roleRef", "name"); o.At("roleRef", "kind").Is("ClusterRole") && slices.Contains(r.List("roles"), role.Text()) {
				r.Violated(o, role, "is %s", role.Text())
			}
		},
		Parameters: settings.Common("no-cluster-admin"),
	},
	{
		Name: "role-has-no-wildcards", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a wildcard allows today what nobody meant and tomorrow what nobody knows yet",
		Remedy:    "name the groups, resources and verbs one by one",
		Reference: goodPractices + "#least-privilege",
		Kinds:     roleKinds,
		Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
			for _, field := range []string{"apiGroups", "nonResourceURLs", "resources", "verbs"} {
				pack.Each(r, o, grant.At(field).Items(), func(one pack.Value) {
					if strings.Contains(one.Text(), all) {
						r.Violated(o, one, "is a wildcard")
					}
				})
			}
		}),
	},
	{
		Name: "binding-subjects-are-accounts-of-the-stack", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a right for a group, a user or the default account is one for pods and people that nobody listed; one for an account that is not there waits for whoever makes it",
		Remedy:     "bind a ServiceAccount that the stack makes for the workload",
		Reference:  goodPractices,
		Parameters: settings.Common("binding-subjects-are-accounts-of-the-stack"),
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(bindingKinds...), func(binding pack.Object) {
				pack.Each(r, binding, binding.At("subjects").Items(), func(subject pack.Value) {
					kind, name := subject.At("kind"), subject.At("name")
					switch {
					case !kind.Is("ServiceAccount"):
						r.Violated(binding, subject, "is a %s, not a ServiceAccount", kind.Text())
					case name.Is("default"):
						r.Violated(binding, name, "is the account of every pod that names none")
					case slices.Contains(r.List("accounts-of-the-cluster"), subject.At("namespace").Text()+"/"+name.Text()):
					case !made(s, "ServiceAccount", subject.At("namespace").Text(), name.Text()):
						r.Violated(binding, subject, "is no ServiceAccount of the stack")
					}
				})
			})
		},
	},
	{
		Name: "binding-role-exists", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a binding to a role that is not there grants nothing until somebody makes one of that name, and then whatever they like",
		Remedy:    "name a role of the stack in roleRef",
		Reference: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(bindingKinds...), func(binding pack.Object) {
				ref, namespace := binding.At("roleRef"), ""
				kind, name := ref.At("kind").Text(), ref.At("name").Text()
				if kind == "Role" {
					namespace = binding.At("metadata", "namespace").Text()
				} else if slices.Contains(r.List("provided"), name) {
					return
				}
				if !made(s, kind, namespace, name) {
					r.Violated(binding, ref, "is no role of the stack")
				}
			})
		},
		// ClusterRoles that every cluster has. Each of them is more than a program of
		// the platform needs, so none is listed.
		Parameters: map[string]any{"provided": []any{}},
	},
	{
		Name: "role-grants-what-is-listed", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a verb more, and an account reads or deletes what nobody meant it to",
		Remedy:     "remove what is not listed, or list it in policy/settings/settings.yaml after somebody has looked at it",
		Reference:  goodPractices + "#least-privilege",
		Kinds:      roleKinds,
		Parameters: settings.Common("role-grants-what-is-listed"),
		Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
			names := grant.At("resourceNames").Texts()
			for _, group := range grant.At("apiGroups").Texts() {
				for _, of := range grant.At("resources").Texts() {
					if len(names) > 0 && of == "secrets" && bounded(grant) {
						continue
					}
					listed := verbsOf(r, o.Name(), group+"/"+of, names)
					for _, verb := range grant.At("verbs").Items() {
						if !slices.Contains(listed, verb.Text()) {
							r.Violated(o, verb, "is %s of %s/%s, which is not listed for %s", verb.Text(), group, of, o.Name())
						}
					}
				}
			}
			for _, address := range grant.At("nonResourceURLs").Items() {
				r.Violated(o, address, "is %s, which is not listed", address.Text())
			}
		}),
	},
	{
		Name: "role-is-bound-once", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a role that a second account gets gives that one what the first needs, and a role that nobody has is one that waits",
		Remedy:    "bind each role of the stack to the one account that it was written for",
		Reference: goodPractices + "#least-privilege",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(roleKinds...), func(role pack.Object) {
				subjects := 0
				for _, binding := range s.Kinds(bindingKinds...) {
					ref := binding.At("roleRef")
					if ref.At("kind").Is(role.Kind) && role.Called(ref.At("name").Text()) && (role.Kind == "ClusterRole" || role.Beside(binding)) {
						subjects += len(binding.At("subjects").Items())
					}
				}
				if subjects != 1 {
					r.Violated(role, pack.Value{}, "is bound to %d accounts", subjects)
				}
			})
		},
	},
	{
		Name: "role-aggregates-no-others", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the control plane adds the rules of every role that has the label, and each of them is written by somebody else",
		Remedy:    "write the rules into the role",
		Reference: goodPractices + "#least-privilege",
		Kinds:     []string{"ClusterRole"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("aggregationRule"); at.Set() {
				r.Violated(o, at, "takes the rules of other roles")
			}
		},
	},
})

// eachGrant checks each rule of a role.
func eachGrant(check func(o pack.Object, grant pack.Value, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("rules").Items(), func(grant pack.Value) { check(o, grant, r) })
	}
}

// bounded reports whether a grant is to read one object.
func bounded(grant pack.Value) bool {
	return len(grant.At("resourceNames").Items()) == 1 && !slices.ContainsFunc(grant.At("verbs").Texts(), func(verb string) bool {
		return !slices.Contains(reads, verb)
	})
}

// verbsOf are those that are listed of a resource for a role: of every object,
// and of these names.
func verbsOf(r *pack.Report, role, of string, names []string) []string {
	var all []string
	for _, one := range r.List("grants") {
		entry, found := strings.CutPrefix(one, role+" "+of+" ")
		verbs, bounds, bounded := strings.Cut(entry, " ")
		outside := func(name string) bool { return !slices.Contains(strings.Split(bounds, ","), name) }
		if found && (!bounded || len(names) > 0 && !slices.ContainsFunc(names, outside)) {
			all = append(all, strings.Split(verbs, ",")...)
		}
	}
	return all
}

// made reports whether the stack makes an object.
func made(s *pack.Stack, kind, namespace, name string) bool {
	return pack.Some(s.Kinds(kind), func(o pack.Object) bool {
		return o.Called(name) && o.At("metadata", "namespace").Is(namespace)
	})
}
