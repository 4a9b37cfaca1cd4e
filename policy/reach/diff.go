package reach

import "slices"

// Change is what one endpoint reaches of another in one cluster and not in the
// other.
type Change struct {
	From, To string
	// Gained and Lost are ports that something listens on.
	Gained, Lost Ports
	// Silent are ports gained that nothing listens on yet.
	Silent  Ports
	Because []Reason // what lets through what is gained
}

// Compare is who reaches whom newly, and who no longer, in the order of names.
// A workload that is not there reaches nobody. Both clusters have the same
// surroundings.
func Compare(before, after *Evaluator) []Change {
	old, now := before.matrix(after.division()), after.matrix(before.division())
	join(now, old)
	names := append(now.names(), old.names()...)
	slices.Sort(names)
	names = slices.Compact(names)
	var all []Change
	for _, from := range names {
		for _, to := range names {
			if one, changed := compare(old, now, from, to); changed {
				all = append(all, one)
			}
		}
	}
	return all
}

func compare(old, now *Matrix, from, to string) (Change, bool) {
	was, is := old.Open(from, to), now.Open(from, to)
	if was.Equal(is) && old.Allowed(from, to).Equal(now.Allowed(from, to)) { // nearly all pairs
		return Change{}, false
	}
	one := Change{From: from, To: to, Gained: is.Minus(was), Lost: was.Minus(is)}
	if old.index(from) >= 0 && old.index(to) >= 0 { // of a new workload the ports that it listens on say enough
		one.Silent = now.Allowed(from, to).Minus(old.Allowed(from, to)).Minus(is)
	}
	if gained := one.Gained.Union(one.Silent); len(gained) > 0 {
		one.Because = now.Why(from, to, gained)
	}
	return one, len(one.Gained) > 0 || len(one.Lost) > 0 || len(one.Silent) > 0
}

func (m *Matrix) names() []string {
	var all []string
	for _, e := range m.Endpoints {
		all = append(all, e.String())
	}
	return all
}
