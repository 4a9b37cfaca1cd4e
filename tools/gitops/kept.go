package gitops

import (
	"fmt"

	"platform/policy/plan"
)

// kept are the objects that stay in the cluster when they leave the branch, and
// when the Application is deleted: what holds data or an address, and, where
// that runs on, what its pods need to start again and the policies that say who
// reaches them.
func kept(objects []*object) (map[*object]bool, error) {
	found := map[*object]bool{}
	for _, holder := range objects {
		if !plan.Holds(holder.GetKind(), holder.Object) {
			continue
		}
		found[holder] = true
		pods := holder.pods()
		if pods == nil {
			continue
		}
		needed := needs(pods)
		for _, o := range objects {
			if o.GetNamespace() != holder.GetNamespace() {
				continue
			}
			if needed[o.GetKind()+"/"+o.GetName()] {
				found[o] = true
			}
			if o.GetKind() == "NetworkPolicy" {
				guards, err := selects(o.at("spec", "podSelector"), pods)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", o.id(), err)
				}
				found[o] = found[o] || guards
			}
		}
	}
	return found, nil
}
