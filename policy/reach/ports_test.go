package reach_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"

	"platform/policy/reach"
)

// TestSetsOfPortsAreSets compares the sets with plain maps.
func TestSetsOfPortsAreSets(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	random := func() (reach.Ports, map[int]bool) {
		var ports reach.Ports
		plain := map[int]bool{}
		for range r.IntN(5) {
			from := 1 + r.IntN(12)
			to := from + r.IntN(4)
			var numbers []int
			for port := from; port <= to; port++ {
				plain[port] = true
				numbers = append(numbers, port)
			}
			ports = ports.Union(reach.TCP(numbers...))
		}
		return ports, plain
	}
	for range 2000 {
		a, inA := random()
		b, inB := random()
		union, both, rest := a.Union(b), a.Intersect(b), a.Minus(b)
		for port := range 20 {
			assert.Equal(t, inA[port] || inB[port], union.Has(corev1.ProtocolTCP, port))
			assert.Equal(t, inA[port] && inB[port], both.Has(corev1.ProtocolTCP, port))
			assert.Equal(t, inA[port] && !inB[port], rest.Has(corev1.ProtocolTCP, port))
			assert.False(t, union.Has(corev1.ProtocolUDP, port))
		}
		assert.True(t, rest.Union(both).Equal(a), "%s %s", a, b)
	}
}

func TestAllPorts(t *testing.T) {
	some := reach.TCP(80, 81, 90).Union(reach.UDP(53))
	assert.True(t, reach.AllPorts.Union(some).All())
	assert.True(t, some.Union(reach.AllPorts).All())
	assert.True(t, reach.AllPorts.Intersect(some).Equal(some))
	assert.True(t, some.Intersect(reach.AllPorts).Equal(some))
	assert.Empty(t, some.Minus(reach.AllPorts))
	assert.True(t, reach.AllPorts.Minus(some).Union(some).All())
	assert.Empty(t, some.Intersect(nil))
	assert.Equal(t, "80-81,90,53/UDP", some.String())
	assert.Equal(t, "all", reach.AllPorts.String())
	assert.Equal(t, "none", reach.Ports(nil).String())
	assert.Equal(t, "all/TCP,53/UDP", reach.Ports{{Protocol: "TCP", From: 1, To: 65535}}.Union(reach.UDP(53)).String())
}
