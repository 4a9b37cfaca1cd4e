package access

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var grantsListed = pack.Rule{
	Name: "role-grants-what-is-listed", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a verb more, and an account reads or deletes what nobody meant it to",
	Remedy:    "remove what is not listed, or list it in the rule's parameter as ROLE GROUP/RESOURCE VERBS [NAMES] after somebody has looked at it",
	Reference: goodPractices + "#least-privilege",
	Kinds:     roleKinds,
	// What the programs of Edd Cloud ask of the API: the platform's description,
	// RBAC. To read one Secret by its name needs no entry.
	Parameters: map[string]any{"grants": []any{
		"cluster-monitor /nodes get,list", "cluster-monitor /nodes/proxy get,list", "cluster-monitor /pods get,list",
		"cluster-monitor /namespaces get,list", "cluster-monitor metrics.k8s.io/nodes get,list", "cluster-monitor metrics.k8s.io/pods get,list",
		"edd-compute /namespaces create,delete,get,list", "edd-compute /pods create,delete,get,list,watch,update",
		"edd-compute /services create,delete,get,list,watch,update", "edd-compute /secrets create,delete,get,list,watch,update",
		"edd-compute /persistentvolumeclaims create,delete,get,list,watch,update", "edd-compute /pods/exec create", "edd-compute /pods/log get",
		"edd-compute networking.k8s.io/networkpolicies create,delete,get,list,update", "edd-compute metrics.k8s.io/pods get,list",
		"gateway /secrets create", "gateway /secrets get,patch,update gateway-ssh-key",
	}},
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
}

// bounded tells whether a grant is to read one object.
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
