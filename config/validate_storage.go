package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/api/resource"
)

// identifierBytes is the longest name that PostgreSQL keeps whole.
const identifierBytes = 63

// identifier is a PostgreSQL name that never needs quotes.
var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func (r Redis) validate(into *collector) {
	const key = "redis"
	into.image(key+".image", r.Image)
	into.resources(key+".resources", r.Resources)
	into.labels(key+".nodeSelector", r.NodeSelector)
	into.positive(key+".storageGiB", r.StorageGiB)
	if r.Exporter.Image != "" {
		into.image(key+".exporter.image", r.Exporter.Image)
		into.resources(key+".exporter.resources", r.Exporter.Resources)
	}
	limit := r.Resources.Limits.Memory
	if !into.clean(key + ".resources.limits.memory") {
		return // there is nothing to compare with
	}
	if r.MaxMemoryMiB < 1 {
		into.add(key+".maxMemoryMiB", "raise it to 1 or more, under the memory limit,", "%d MiB hold no data", r.MaxMemoryMiB)
	} else if data := binary(r.MaxMemoryMiB, "Mi"); data.Cmp(limit) >= 0 {
		into.add(key+".maxMemoryMiB", fmt.Sprintf("lower it to %d, or leave it out,", mebibytes(limit)*DefaultRedisMemoryShare/100),
			"%d MiB is not under the memory limit of %s: the container would be killed before it refuses data", r.MaxMemoryMiB, limit.String())
	}
}

func (p Postgres) validate(into *collector) {
	const key = "postgres"
	into.identifier(key+".database", p.Database, DefaultDatabase)
	if into.identifier(key+".user", p.User, DefaultUser) && p.User == PostgresAdmin {
		into.add(key+".user", "choose another, such as "+DefaultUser, "%q is the superuser, and the application is none", p.User)
	}
	if !oneOf(into, key+".mode", p.Mode, PostgresModes) || !into.clean(key+".mode") {
		return // what belongs to it is not known
	}
	if p.Mode == PostgresManaged {
		p.refuseOwn(into, key)
		p.Managed.validate(into, key+".managed")
		return
	}
	if p.Managed != (Managed{}) {
		into.add(key+".managed", fmt.Sprintf("remove it or set %s.mode to %s", key, PostgresManaged),
			"it is set, and mode is %s", p.Mode)
	}
	into.image(key+".image", p.Image)
	into.resources(key+".resources", p.Resources)
	into.labels(key+".nodeSelector", p.NodeSelector)
	into.positive(key+".storageGiB", p.StorageGiB)
	if p.Backup.Enabled {
		p.Backup.validate(into, key+".backup")
	}
}

// refuseOwn reports what only a database of our own has.
func (p Postgres) refuseOwn(into *collector, key string) {
	for _, own := range []struct {
		field string
		set   bool
	}{
		{"image", p.Image != ""},
		{"resources", p.Resources != (Resources{})},
		{"nodeSelector", len(p.NodeSelector) != 0},
		{"storageGiB", p.StorageGiB != 0},
		{"storageClass", p.StorageClass != ""},
		{"backup.enabled", p.Backup.Enabled},
	} {
		if own.set {
			into.add(key+"."+own.field, "remove it", "it is set, and mode is %s: whoever runs the database sees to that", p.Mode)
		}
	}
}

func (b Backup) validate(into *collector, key string) {
	into.schedule(key+".schedule", b.Schedule, DefaultBackupSchedule)
	into.positive(key+".keepDays", b.KeepDays)
	into.positive(key+".storageGiB", b.StorageGiB)
	into.resources(key+".resources", b.Resources)
}

// leapYear has every day that there is.
var leapYear = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// schedule checks five cron fields. It refuses what the parser takes beyond
// them: names such as @daily, and a time zone, which a CronJob has in a field
// of its own.
func (c *collector) schedule(key, text, example string) {
	schedule, err := cron.ParseStandard(text)
	remedy := "write minute, hour, day, month and weekday, such as " + example
	switch {
	case err != nil || len(strings.Fields(text)) != 5:
		c.add(key, remedy, "%s is not a schedule of five cron fields", quoted(text))
	case schedule.Next(leapYear).IsZero(): // within five years
		c.add(key, remedy, "%s never comes", quoted(text))
	}
}

func (m Managed) validate(into *collector, key string) {
	into.host(key+".host", m.Host, exampleHost)
	into.between(key+".port", m.Port, 1, 65535)
	oneOf(into, key+".sslMode", m.SSLMode, SSLModes)
	into.prefix(key+".cidr", m.CIDR)
}

// identifier checks a name that PostgreSQL takes without quotes.
func (c *collector) identifier(key, name, example string) bool {
	remedy := "write lower-case letters, digits and underscores, such as " + example
	switch {
	case len(name) > identifierBytes:
		c.add(key, remedy, "%s has %d bytes and PostgreSQL keeps %d", quoted(name), len(name), identifierBytes)
	case strings.HasPrefix(name, "pg_"):
		c.add(key, remedy, "%s starts with pg_, which PostgreSQL keeps for itself", quoted(name))
	case !identifier.MatchString(name):
		c.add(key, remedy, "%s is not a PostgreSQL name that needs no quotes", quoted(name))
	default:
		return true
	}
	return false
}

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
