package network

import (
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

// Where most of these rules come from.
const (
	policiesPage = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
	nsaGuide     = "NSA/CISA Kubernetes Hardening Guide 1.2, Network separation and hardening"
)

// policies are those of Kubernetes: Calico has a kind of the same name.
func policies(s *pack.Stack) []pack.Object {
	var found []pack.Object
	for _, o := range s.Kinds("NetworkPolicy") {
		if ofKubernetes(o) {
			found = append(found, o)
		}
	}
	return found
}

func ofKubernetes(o pack.Object) bool { return strings.HasPrefix(o.APIVersion, "networking.k8s.io/") }

// ofKubernetesOnly leaves Calico's policies to the rules for them.
func ofKubernetesOnly(judge func(o pack.Object, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		if ofKubernetes(o) {
			judge(o, r)
		}
	}
}

// selector is what one selects; the API server takes an absent one for an empty.
func selector(v pack.Value) labels.Selector {
	if !v.Set() {
		return labels.Everything()
	}
	return v.Selector()
}

// restricts tells whether a policy is about a direction, Ingress or Egress,
// with the API server's default for one that does not say.
func restricts(policy pack.Object, direction string) bool {
	types := policy.At("spec", "policyTypes")
	if !types.Set() {
		return direction == "Ingress" || len(policy.At("spec", "egress").Items()) > 0
	}
	return pack.Some(types.Items(), func(one pack.Value) bool { return one.Is(direction) })
}

// covers tells whether a policy is about pods of this object. It does nothing
// for those on their node's network: their addresses are the node's.
func covers(policy, workload pack.Object) bool {
	return policy.Beside(workload) && !onNodeNetwork(workload) && workload.Runs(policy.PodSelector())
}

func onNodeNetwork(workload pack.Object) bool {
	pod, runs := workload.Pod()
	return runs && pod.Spec.At("hostNetwork").True()
}

// admits tells whether a rule of a policy lets through one of these ports, by
// number or name.
func admits(rule pack.Value, protocol string, ports ...string) bool {
	all := rule.At("ports").Items()
	if len(all) == 0 {
		return true
	}
	return pack.Some(all, func(port pack.Value) bool {
		if port.Protocol() != protocol {
			return false
		}
		from, to := port.At("port"), port.At("endPort")
		if !from.Set() {
			return true
		}
		for _, wanted := range ports {
			if from.Port() == wanted || to.Set() && between(wanted, from.Int(), to.Int()) {
				return true
			}
		}
		return false
	})
}
