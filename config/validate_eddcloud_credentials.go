package config

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
)

// validateCredentials checks that no two Secrets have one name: the second
// would overwrite the first.
func (c *EddCloud) validateCredentials(into *collector) {
	taken := map[string]bool{}
	for _, own := range credentials(c.TLS.Secret) {
		if own.Name == c.TLS.Secret && taken[own.Name] {
			into.add("tls.secret", "choose another, such as "+DefaultWildcardSecret, "%q is another Secret of the platform", own.Name)
		}
		taken[own.Name] = true
	}
	for i, database := range c.Postgres.Databases {
		if taken[database.Secret] {
			into.add(fmt.Sprintf("postgres.databases[%d].secret", i), "choose another", "%q is a Secret of the platform", database.Secret)
		}
	}
	for _, database := range c.Postgres.Databases {
		taken[database.Secret] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		key := "credentials[" + name + "]"
		if into.name(key, name, "a Secret") && taken[name] {
			into.add(key, "choose another name", "%q is a Secret of the platform", name)
		}
		into.secretKeys(key, c.Credentials[name])
	}
}

// secretKeys checks the keys of a Secret.
func (c *collector) secretKeys(key string, names []string) {
	if len(names) == 0 {
		c.add(key, "list its keys", "it has no key")
	}
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", key, i)
		switch {
		case len(validation.IsConfigMapKey(name)) != 0:
			c.add(at, "write letters, digits, dashes, dots or underscores", "%s is not a key of a Secret", orEmpty(name))
		case slices.Index(names, name) < i:
			c.add(at, "remove one of the two", "%q is listed already", name)
		}
	}
}
