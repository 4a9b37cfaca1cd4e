package config

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

// claim is a volume that the environment asks for.
type claim struct {
	key        string // of the part that asks
	storageGiB int
	class      string
}

// claims lists every volume of the environment.
func (c *EPFL) claims() []claim {
	var list []claim
	if c.HasRedis() {
		list = append(list, claim{"redis", c.Redis.StorageGiB, c.Redis.StorageClass})
	}
	if c.Postgres.Mode != PostgresStatefulSet {
		return list
	}
	list = append(list, claim{"postgres", c.Postgres.StorageGiB, c.Postgres.StorageClass})
	if backup := c.Postgres.Backup; backup.Enabled {
		list = append(list, claim{"postgres.backup", backup.StorageGiB, backup.StorageClass})
	}
	return list
}

// validateClaims checks that the cluster has the class of each claim and that
// the quota holds them all.
func (c *EPFL) validateClaims(into *collector) {
	if into.clean("topology.storageClasses", "postgres.mode", "worker.kind") {
		for _, claim := range c.claims() {
			c.Topology.validateClass(into, claim.key+".storageClass", claim.class)
		}
	}
	const key = "quota.storageGiB"
	if !into.clean(key) {
		return
	}
	var wanted resource.Quantity
	for _, claim := range c.claims() {
		wanted.Add(binary(max(claim.storageGiB, 0), "Gi"))
	}
	if quota := binary(c.Quota.StorageGiB, "Gi"); wanted.Cmp(quota) > 0 {
		into.add(key, fmt.Sprintf("raise it to %d or claim less", wanted.Value()>>30), "the claims want %s and the quota is %s", wanted.String(), quota.String())
	}
}

// binary is a count of units such as Gi. Multiplying would overflow for the
// counts that only a slip of the keyboard writes.
func binary(count int, unit string) resource.Quantity {
	q, err := resource.ParseQuantity(fmt.Sprintf("%d%s", count, unit))
	if err != nil {
		return resource.Quantity{}
	}
	return q
}
