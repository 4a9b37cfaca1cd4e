package config

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Quota bounds what the namespace may ask for in all.
type Quota struct {
	Requests   Amounts `key:"requests"`
	Limits     Amounts `key:"limits"`
	Pods       int     `key:"pods"`
	StorageGiB int     `key:"storageGiB"`
}

func (q Quota) validate(into *collector) {
	const key = "quota"
	into.amounts(key, q.Requests, q.Limits)
	into.positive(key+".pods", q.Pods)
	into.positive(key+".storageGiB", q.StorageGiB)
}

// demand sums what all pods ask for.
func (c *EPFL) demand() (total Resources, pods resource.Quantity) {
	for _, set := range c.podSets() {
		total.Requests = total.Requests.plus(set.resources.Requests, set.count)
		total.Limits = total.Limits.plus(set.resources.Limits, set.count)
		pods.Add(*resource.NewQuantity(int64(set.count), resource.DecimalSI))
	}
	return total, pods
}

// validateQuota checks that the namespace may run what it is asked to: a pod
// over the quota is refused, and an update or a night's backup stands still.
// Pods that are told to end count until they are gone; with no room for them, an
// update goes on as they go, which TestRealLocal shows on real nodes.
func (c *EPFL) validateQuota(into *collector) {
	total, pods := c.demand()
	check := func(key string, wanted, quota resource.Quantity) {
		if into.clean(key) && wanted.Cmp(quota) > 0 {
			into.add(key, fmt.Sprintf("raise it to %s or ask for less", wanted.String()),
				"the pods want %s at most and the quota is %s", wanted.String(), quota.String())
		}
	}
	for _, kind := range amountKinds {
		check("quota.requests."+kind.name, kind.of(total.Requests), kind.of(c.Quota.Requests))
		check("quota.limits."+kind.name, kind.of(total.Limits), kind.of(c.Quota.Limits))
	}
	check("quota.pods", pods, *resource.NewQuantity(int64(c.Quota.Pods), resource.DecimalSI))
}
