package cyclonus

import (
	"testing"

	"github.com/mattfenwick/cyclonus/pkg/kube"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// sets is how many are compared.
const sets = 1000

func TestBothAgree(t *testing.T) {
	var all count
	for seed := range uint64(sets) {
		s := newSet(seed)
		counted, found, err := s.compare()
		require.NoError(t, err)
		all.asked, all.allowed = all.asked+counted.asked, all.allowed+counted.allowed
		if found != nil {
			s = s.smallest(func(smaller set) bool {
				_, found, err := smaller.compare()
				return err == nil && found != nil
			})
			_, found, _ = s.compare()
			t.Fatalf("seed %d: %s\n%s", seed, found, s)
		}
	}
	t.Logf("%d sets, %d connections, %d of them allowed", sets, all.asked, all.allowed)
	assert.Greater(t, all.allowed, all.asked/20)
	assert.Greater(t, all.asked-all.allowed, all.asked/20)
}

// TestSetsHaveEverything says that the comparison is about what it is meant
// to be about.
func TestSetsHaveEverything(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(sets) {
		s := newSet(seed)
		for _, policy := range s.policies {
			look(policy, seen)
		}
	}
	for _, what := range []string{
		"named port", "range", "block", "except", "expression", "pods and namespaces", "namespaces", "pods", "default types", "no peers", "no ports", "SCTP", "UDP",
	} {
		assert.Greater(t, seen[what], sets/20, what)
	}
}

func look(policy networkingv1.NetworkPolicy, seen map[string]int) {
	count := func(what string, is bool) {
		if is {
			seen[what]++
		}
	}
	count("default types", len(policy.Spec.PolicyTypes) == 0)
	count("expression", len(policy.Spec.PodSelector.MatchExpressions) > 0)
	for _, r := range policy.Spec.Ingress {
		count("no peers", len(r.From) == 0)
		count("no ports", len(r.Ports) == 0)
		for _, peer := range r.From {
			count("block", peer.IPBlock != nil)
			count("except", peer.IPBlock != nil && len(peer.IPBlock.Except) > 0)
			count("pods and namespaces", peer.PodSelector != nil && peer.NamespaceSelector != nil)
			count("pods", peer.PodSelector != nil && peer.NamespaceSelector == nil)
			count("namespaces", peer.PodSelector == nil && peer.NamespaceSelector != nil)
		}
		for _, port := range r.Ports {
			count("named port", port.Port != nil && port.Port.Type == intstr.String)
			count("range", port.EndPort != nil)
			count("SCTP", port.Protocol != nil && *port.Protocol == "SCTP")
			count("UDP", port.Protocol != nil && *port.Protocol == "UDP")
		}
	}
}

// TestADisagreementIsMadeSmall has the smallest set of a disagreement that is
// made up: a policy of the namespace x with a rule about a range of ports.
func TestADisagreementIsMadeSmall(t *testing.T) {
	disagrees := func(s set) bool {
		for _, policy := range s.policies {
			for _, r := range policy.Spec.Ingress {
				for _, port := range r.Ports {
					if port.EndPort != nil && policy.Namespace == "x" {
						return true
					}
				}
			}
		}
		return false
	}
	for seed := range uint64(sets) {
		s := newSet(seed)
		if !disagrees(s) {
			continue
		}
		small := s.smallest(disagrees)
		require.Len(t, small.policies, 1)
		spec := small.policies[0].Spec
		assert.Empty(t, small.pods)
		assert.Empty(t, spec.Egress)
		assert.Empty(t, spec.PodSelector)
		require.Len(t, spec.Ingress, 1)
		assert.Empty(t, spec.Ingress[0].From)
		assert.Len(t, spec.Ingress[0].Ports, 1)
		return
	}
	t.Fatal("no set has such a policy")
}

// TestNotInThereAndHere pins the one difference that the comparison goes
// around: when cyclonus no longer has it, so should this.
func TestNotInThereAndHere(t *testing.T) {
	notIn := metav1.LabelSelectorRequirement{Key: "none", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"a"}}
	selector := metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{notIn}}
	ours, err := metav1.LabelSelectorAsSelector(&selector)
	require.NoError(t, err)
	assert.True(t, ours.Matches(labels.Set{}))
	assert.False(t, kube.IsLabelsMatchLabelSelector(map[string]string{}, selector))
}
