package config

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Resources are what one container asks for and may use at most.
type Resources struct {
	Requests Amounts `key:"requests"`
	Limits   Amounts `key:"limits"`
}

// LimitMiB is the memory limit in MiB.
func (r Resources) LimitMiB() int { return mebibytes(r.Limits.Memory) }

// Amounts are quantities of computing resources.
type Amounts struct {
	CPU    resource.Quantity `key:"cpu"`
	Memory resource.Quantity `key:"memory"`
}

// NewResources reads quantities such as "100m" and "128Mi". It panics on any
// other text, so it is for constants.
func NewResources(requestCPU, requestMemory, limitCPU, limitMemory string) Resources {
	return Resources{
		Requests: Amounts{CPU: resource.MustParse(requestCPU), Memory: resource.MustParse(requestMemory)},
		Limits:   Amounts{CPU: resource.MustParse(limitCPU), Memory: resource.MustParse(limitMemory)},
	}
}

// fill sets each quantity that is left out.
func (r *Resources) fill(from Resources) {
	for _, pair := range []struct{ to, from *resource.Quantity }{
		{&r.Requests.CPU, &from.Requests.CPU},
		{&r.Requests.Memory, &from.Requests.Memory},
		{&r.Limits.CPU, &from.Limits.CPU},
		{&r.Limits.Memory, &from.Limits.Memory},
	} {
		if pair.to.IsZero() {
			*pair.to = *pair.from
		}
	}
}

// mebibytes is how many whole MiB a quantity holds.
func mebibytes(q resource.Quantity) int {
	return int(q.Value() >> 20)
}

// plus adds other that many times over.
func (a Amounts) plus(other Amounts, times int) Amounts {
	cpu, memory := other.CPU.DeepCopy(), other.Memory.DeepCopy()
	cpu.Mul(int64(times))
	memory.Mul(int64(times))
	cpu.Add(a.CPU)
	memory.Add(a.Memory)
	return Amounts{CPU: cpu, Memory: memory}
}

// amountKind is one of the two resources that amounts have.
type amountKind struct {
	name   string
	of     func(Amounts) resource.Quantity
	least  resource.Quantity // less is a slip: memory of 512m is half a byte
	forms  string            // how to write it
	finest resource.Scale    // Kubernetes rounds up what is finer
}

var amountKinds = []amountKind{
	{"cpu", func(a Amounts) resource.Quantity { return a.CPU }, resource.MustParse("1m"), "500m or 2", resource.Milli},
	{"memory", func(a Amounts) resource.Quantity { return a.Memory }, resource.MustParse("1Mi"), "512Mi or 2Gi", 0},
}

// resources checks what one container asks for.
func (c *collector) resources(key string, r Resources) {
	c.amounts(key, r.Requests, r.Limits)
}

// amounts checks all four quantities, and that no request is over its limit.
func (c *collector) amounts(key string, requests, limits Amounts) {
	for _, kind := range amountKinds {
		request, limit := kind.of(requests), kind.of(limits)
		asked := c.amount(key+".requests."+kind.name, kind, request)
		bound := c.amount(key+".limits."+kind.name, kind, limit)
		if asked && bound && request.Cmp(limit) > 0 {
			c.add(key+".requests."+kind.name, fmt.Sprintf("lower it to %s or raise the limit", limit.String()),
				"%s is over the limit of %s", request.String(), limit.String())
		}
	}
}

// amount checks that a quantity is set and of a size that means something.
func (c *collector) amount(key string, kind amountKind, q resource.Quantity) bool {
	remedy := "write it as " + kind.forms
	switch {
	case q.IsZero():
		c.add(key, remedy, "it is not set, or zero")
	case q.Cmp(kind.least) < 0:
		c.add(key, remedy, "%s is under the least of %s", q.String(), kind.least.String())
	default:
		counted := q.DeepCopy()
		if counted.RoundUp(kind.finest); counted.Cmp(q) != 0 {
			c.add(key, "write "+counted.String(), "%s is finer than Kubernetes counts", q.String())
			return false
		}
		return true
	}
	return false
}
