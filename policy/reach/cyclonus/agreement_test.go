package cyclonus

import (
	"fmt"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"platform/policy/reach"
)

// disagreement is a connection that the two check differently.
type disagreement struct {
	from, to *reach.Endpoint
	protocol corev1.Protocol
	port     int
	ours     bool
}

func (d disagreement) String() string {
	return fmt.Sprintf("from %s to %s at %d/%s: allowed is %t here and %t there", d.from, d.to, d.port, d.protocol, d.ours, !d.ours)
}

// count is how many connections were asked of, and how many are allowed.
type count struct{ asked, allowed int }

// compare asks both of every connection, up to the first that they disagree
// about.
func (s set) compare() (count, *disagreement, error) {
	var counted count
	ours, err := reach.NewEvaluator(&reach.Cluster{Policies: s.policies}, reach.Surroundings{})
	if err != nil {
		return counted, nil, err
	}
	theirs := matcher.BuildNetworkPolicies(true, s.defaulted())
	ends := append(append([]*reach.Endpoint{}, s.pods...), s.outside...)
	for _, from := range ends {
		for _, to := range ends {
			if from.Kind == reach.World && to.Kind == reach.World {
				continue
			}
			open := ours.Reach(from, to)
			for _, protocol := range protocols {
				for _, port := range askedPorts {
					counted.asked++
					allowed := theirs.IsTrafficAllowed(traffic(from, to, protocol, port)).IsAllowed()
					if allowed != open.Has(protocol, port) {
						return counted, &disagreement{from, to, protocol, port, !allowed}, nil
					}
					if allowed {
						counted.allowed++
					}
				}
			}
		}
	}
	return counted, nil, nil
}

// askedPorts are those of the sets, and their neighbours.
var askedPorts = []int{1, 2, 52, 53, 54, 79, 80, 81, 82, 83, 150, 280, 7999, 8000, 8001, 8100, 65535}

// defaulted are the policies as the API server stores them, which cyclonus
// takes for granted, and as it reads them rightly.
func (s set) defaulted() []*networkingv1.NetworkPolicy {
	var all []*networkingv1.NetworkPolicy
	for _, policy := range s.policies {
		one := policy.DeepCopy()
		if len(one.Spec.PolicyTypes) == 0 {
			one.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
			if len(one.Spec.Egress) > 0 {
				one.Spec.PolicyTypes = append(one.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
			}
		}
		for _, stored := range expanded(*one) {
			all = append(all, &stored)
		}
	}
	return all
}

func traffic(from, to *reach.Endpoint, protocol corev1.Protocol, port int) *matcher.Traffic {
	one := &matcher.Traffic{Source: end(from), Destination: end(to), ResolvedPort: port, Protocol: protocol}
	for _, own := range to.Ports {
		if int(own.ContainerPort) == port && own.Protocol == protocol {
			one.ResolvedPortName = own.Name
		}
	}
	return one
}

func end(e *reach.Endpoint) *matcher.TrafficPeer {
	peer := &matcher.TrafficPeer{IP: e.Addresses.Ranges()[0].From().String()}
	if e.Kind == reach.Pod {
		peer.Internal = &matcher.InternalPeer{PodLabels: e.Labels, NamespaceLabels: e.NamespaceLabels, Namespace: e.Namespace}
	}
	return peer
}
