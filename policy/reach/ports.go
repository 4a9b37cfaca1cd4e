package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Protocols are those that policies know ports of.
var Protocols = []corev1.Protocol{corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP}

// lastPort is the highest there is; the lowest that policies can name is 1.
const lastPort = 65535

// Range is ports that follow each other, both ends included.
type Range struct {
	Protocol corev1.Protocol `json:"protocol"`
	From     int             `json:"from"`
	To       int             `json:"to"`
}

// Ports is a set of ports: sorted, and without overlaps. The zero value is
// empty. A set is never changed: sets share their ranges.
type Ports []Range

// AllPorts are all of every protocol.
var AllPorts = Ports{
	{corev1.ProtocolSCTP, 1, lastPort}, {corev1.ProtocolTCP, 1, lastPort}, {corev1.ProtocolUDP, 1, lastPort},
}

// TCP is a set of ports of TCP.
func TCP(ports ...int) Ports { return single(corev1.ProtocolTCP, ports) }

// UDP is a set of ports of UDP.
func UDP(ports ...int) Ports { return single(corev1.ProtocolUDP, ports) }

func single(protocol corev1.Protocol, ports []int) Ports {
	var all Ports
	for _, port := range ports {
		all = append(all, Range{protocol, port, port})
	}
	return merged(all)
}

// merged sorts ranges, drops those that end before they begin, and joins those
// that touch.
func merged(ranges Ports) Ports {
	ranges = slices.DeleteFunc(ranges, func(r Range) bool { return r.To < r.From })
	slices.SortFunc(ranges, func(a, b Range) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var all Ports
	for _, r := range ranges {
		if last := len(all) - 1; last >= 0 && all[last].Protocol == r.Protocol && r.From <= all[last].To+1 {
			all[last].To = max(all[last].To, r.To)
			continue
		}
		all = append(all, r)
	}
	return all
}

// All reports whether the set has every port.
func (p Ports) All() bool { return slices.Equal(p, AllPorts) }

// Union is what is in either set.
func (p Ports) Union(other Ports) Ports {
	switch {
	case len(other) == 0 || p.All():
		return p
	case len(p) == 0 || other.All():
		return other
	}
	return merged(slices.Concat(p, other))
}

// Intersect is what is in both sets.
func (p Ports) Intersect(other Ports) Ports {
	switch {
	case p.All() || len(other) == 0:
		return other
	case other.All() || len(p) == 0:
		return p
	}
	var both Ports
	for _, a := range p {
		for _, b := range other {
			if a.Protocol == b.Protocol {
				both = append(both, Range{a.Protocol, max(a.From, b.From), min(a.To, b.To)})
			}
		}
	}
	return merged(both)
}

// Minus is what is in this set and not in the other.
func (p Ports) Minus(other Ports) Ports {
	rest := p
	for _, b := range other {
		overlaps := func(a Range) bool { return a.Protocol == b.Protocol && a.From <= b.To && b.From <= a.To }
		if !slices.ContainsFunc(rest, overlaps) {
			continue
		}
		var kept Ports // sorted as the set is
		for _, a := range rest {
			if !overlaps(a) {
				kept = append(kept, a)
				continue
			}
			if a.From < b.From {
				kept = append(kept, Range{a.Protocol, a.From, b.From - 1})
			}
			if b.To < a.To {
				kept = append(kept, Range{a.Protocol, b.To + 1, a.To})
			}
		}
		rest = kept
	}
	return rest
}

// Has reports whether a port is in the set.
func (p Ports) Has(protocol corev1.Protocol, port int) bool {
	return slices.ContainsFunc(p, func(r Range) bool { return r.Protocol == protocol && r.From <= port && port <= r.To })
}

// Equal reports whether two sets are the same.
func (p Ports) Equal(other Ports) bool { return slices.Equal(p, other) }

// String lists the ports, those of TCP first and without their protocol, such
// as 80,8000-8999,53/UDP.
func (p Ports) String() string {
	switch {
	case len(p) == 0:
		return "none"
	case p.All():
		return "all"
	}
	var tcp, others []string
	for _, r := range p {
		if r.Protocol == corev1.ProtocolTCP {
			tcp = append(tcp, r.numbers())
			continue
		}
		others = append(others, r.numbers()+"/"+string(r.Protocol))
	}
	if slices.Equal(tcp, []string{"all"}) {
		tcp[0] += "/TCP"
	}
	return strings.Join(append(tcp, others...), ",")
}

func (r Range) numbers() string {
	switch {
	case r.From == 1 && r.To == lastPort:
		return "all"
	case r.From == r.To:
		return fmt.Sprint(r.From)
	}
	return fmt.Sprintf("%d-%d", r.From, r.To)
}
