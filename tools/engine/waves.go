package engine

import "strings"

// waves are in which wave each object of Kubernetes is applied. Only a Job has
// to have ended before what depends on it begins: what else depends on
// something waits for it by itself, or is there from the start.
func (s *state) waves() map[string]int {
	byURN := map[string]*stateResource{}
	for i, resource := range s.Deployment.Resources {
		byURN[resource.URN] = &s.Deployment.Resources[i]
	}
	found := map[string]int{}
	var wave func(urn string) int
	wave = func(urn string) int {
		if known, is := found[urn]; is {
			return known
		}
		latest := 0
		if resource := byURN[urn]; resource != nil {
			for _, dependency := range resource.Dependencies {
				after := wave(dependency)
				if other := byURN[dependency]; other != nil && other.kind() == "Job" {
					after++
				}
				latest = max(latest, after)
			}
		}
		found[urn] = latest
		return latest
	}
	all := map[string]int{}
	for urn, resource := range byURN {
		if kind := resource.kind(); kind != "" {
			all[kind+"/"+resource.ID] = wave(urn)
		}
	}
	return all
}

// kind is that of an object of Kubernetes; empty for anything else.
func (r *stateResource) kind() string {
	version, is := strings.CutPrefix(r.Type, "kubernetes:")
	if !is {
		return ""
	}
	return version[strings.LastIndex(version, ":")+1:]
}
