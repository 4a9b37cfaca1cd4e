package engine

import (
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// providerTypes starts the type of every provider.
const providerTypes = "pulumi:providers:"

// The keys of a wrapped value in a state: of a secret one, the kind of
// wrapping and its cipher.
const (
	wrapKey    = "4dabf18193072939515e22adb298388d"
	secretWrap = "1b47061264138c4ac30d75fd1eb44270"
)

// extended is the state with planned resources appended: the objects that were
// found under their live names, and the components that they lie in, with the
// generated values that still stand in them. Other secret values are left out, for
// they are those of another state. Where the state
// has the resource under an older name, that one is left to be deleted.
func (s *state) extended(planned *state, found map[string]*unstructured.Unstructured, stack string, generated []generatedValue) ([]byte, error) {
	file, deployment, err := s.parts()
	if err != nil {
		return nil, err
	}
	var resources, plannedResources []map[string]any
	if err := json.Unmarshal(deployment["resources"], &resources); err != nil {
		return nil, err
	}
	_, other, err := planned.parts()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(other["resources"], &plannedResources); err != nil {
		return nil, err
	}
	known, providers := map[any]map[string]any{}, map[string]any{}
	for _, resource := range resources {
		known[resource["urn"]] = resource
		if kind, _ := resource["type"].(string); strings.HasPrefix(kind, providerTypes) {
			providers[resource["urn"].(string)] = resource["id"]
		}
	}
	for _, resource := range plannedResources {
		live, component := found[resource["urn"].(string)], resource["custom"] != true
		if old := known[resource["urn"]]; old != nil && live != nil {
			old["delete"] = true
		} else if old != nil || live == nil && !component {
			continue
		}
		if live != nil {
			if err := bind(resource, live, providers); err != nil {
				return nil, err
			}
		}
		keepKnown(resource, known)
		known[resource["urn"]] = resource
		resources = append(resources, resource)
	}
	if resources, err = withGenerated(resources, stack, generated); err != nil {
		return nil, err
	}
	if deployment["resources"], err = json.Marshal(resources); err != nil {
		return nil, err
	}
	if file["deployment"], err = json.Marshal(deployment); err != nil {
		return nil, err
	}
	return json.Marshal(file)
}

// bind makes a planned resource the live object: under its name, and of the
// provider that the state has.
func bind(resource map[string]any, live *unstructured.Unstructured, providers map[string]any) error {
	reference, _ := resource["provider"].(string)
	urn := reference[:max(strings.LastIndex(reference, "::"), 0)]
	id, found := providers[urn]
	if !found {
		return fmt.Errorf("%s has the provider %q, which the state lacks", resource["urn"], reference)
	}
	resource["provider"] = fmt.Sprintf("%s::%s", urn, id)
	resource["id"] = identifier(live)
	resource["outputs"] = map[string]any{}
	inputs, _ := withoutCiphers(resource["inputs"]).(map[string]any)
	resource["inputs"] = inputs
	return unstructured.SetNestedField(inputs, live.GetName(), "metadata", "name")
}

// withoutCiphers leaves secret values out of a value.
func withoutCiphers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if wrapped, is := inner.(map[string]any); is && wrapped[wrapKey] == secretWrap {
				delete(v, key)
				continue
			}
			v[key] = withoutCiphers(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = withoutCiphers(inner)
		}
	}
	return value
}

// keepKnown takes references to resources out that are not in the state: the
// engine refuses a state with a dependency on nothing.
func keepKnown(resource map[string]any, known map[any]map[string]any) {
	resource["dependencies"] = knownOf(resource["dependencies"], known)
	if byProperty, is := resource["propertyDependencies"].(map[string]any); is {
		for property, urns := range byProperty {
			byProperty[property] = knownOf(urns, known)
		}
	}
}

func knownOf(urns any, known map[any]map[string]any) []any {
	kept := []any{}
	list, _ := urns.([]any)
	for _, urn := range list {
		if known[urn] != nil {
			kept = append(kept, urn)
		}
	}
	return kept
}
