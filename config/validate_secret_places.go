package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// secretPlaces is the key of the exceptions of where values are kept.
const secretPlaces = "secrets.infisical.values"

// validatePlaces checks where the values of a stack are kept. What they follow
// from is named by its keys: while one of them failed, which values there
// are is not known.
func (s Secrets) validatePlaces(into *collector, values []SecretValue, from ...string) {
	if !s.asksInfisical() || !into.clean(from...) {
		return
	}
	needed := map[string]SecretValue{}
	for _, value := range values {
		needed[value.String()] = value
	}
	for _, name := range slices.Sorted(maps.Keys(s.Infisical.Values)) {
		key := secretPlaces + "[" + name + "]"
		value, known := needed[name]
		if !known {
			into.unneeded(key, name, slices.Sorted(maps.Keys(needed)))
			continue
		}
		s.Infisical.Values[name].validate(into, key, value)
	}
	s.Infisical.validateFolders(into, values)
	s.Infisical.validateSharing(into, values)
}

// unneeded reports the place of a value that the stack does not ask for.
func (c *collector) unneeded(key, name string, needed []string) {
	remedy := "use one of " + strings.Join(needed, ", ") + ", or remove it"
	if nearest, found := Nearest(name, needed); found {
		remedy = "did you mean " + nearest + "? rename it"
	}
	c.add(key, remedy, "the stack asks for no such value")
}

func (p SecretPlace) validate(into *collector, key string, value SecretValue) {
	if p.Path != "" {
		into.folder(key+".path", p.Path)
	}
	if p.Name != "" && len(validation.IsConfigMapKey(p.Name)) != 0 {
		into.add(key+".name", "write letters, digits, dashes, dots or underscores", "it is not a name that Infisical and its imports take")
	}
	if p.Optional && !value.mayBeEmpty() {
		into.add(key+".optional", "remove it", "an empty value would open a door, or Kubernetes would refuse it")
	}
}

// validateFolders checks the folders that values have by the names of their
// Secrets: Kubernetes takes dots in those, and Infisical takes none.
func (i Infisical) validateFolders(into *collector, values []SecretValue) {
	if !into.clean("secrets.infisical.path") {
		return
	}
	for _, value := range values {
		if i.Values[value.String()].Path == "" && !folder.MatchString(value.Path) {
			into.add(fmt.Sprintf("%s[%s].path", secretPlaces, value), "write another folder there",
				"the name of the Secret has a dot, and Infisical takes none in the name of a folder")
		}
	}
}

// validateSharing checks that one place serves two values only where that is
// meant. Else a folder that was moved would give one service the password of
// another.
func (i Infisical) validateSharing(into *collector, values []SecretValue) {
	kept := map[string]SecretValue{} // by place, the one that does not say both path and name
	for _, value := range values {
		written := i.Values[value.String()]
		if written.Path != "" && written.Name != "" {
			continue
		}
		place := value.Path + "/" + value.Name
		other, taken := kept[place]
		if !taken {
			kept[place] = value
			continue
		}
		if i.Values[value.String()] == (SecretPlace{}) {
			value, other = other, value
		}
		into.add(fmt.Sprintf("%s[%s]", secretPlaces, value), "write both path and name if one value is to serve both, or correct it,",
			"it is kept where %s is", other)
	}
}
